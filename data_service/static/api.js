// Questions to the data service, a few at a time, and its refusals in words.

const AT_ONCE = 4;
const queue = [];
let running = 0;

class Refusal extends Error {
  constructor(message, remedy, status) {
    super(message);
    this.remedy = remedy;
    this.status = status;
  }
}

const REFUSALS = {
  404: ['Não há dados para esta pergunta.', 'Escolha outra estação na lista.'],
  413: ['O período é longo demais para este quadro.', 'Encurte o período, ou baixe os dados no fim da página.'],
  422: ['O período ou a estação não foi entendido.', 'Confira as datas: a primeira vem antes da segunda.'],
  503: ['O serviço de dados está ocupado ou trocando arquivos.', 'Espere um pouco e tente de novo.'],
};

async function refusalOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  const [message, remedy] = REFUSALS[answer.status] || [`O serviço de dados falhou (${answer.status}).`, 'Tente de novo; se continuar, veja o registro do serviço.'];
  return new Refusal(problem.detail ? `${message} (${problem.detail})` : message, remedy, answer.status);
}

async function fetchAnswer(path, params, signal) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== null && value !== undefined));
  let answer;
  try {
    answer = await fetch(`${path}?${query}`, { signal, headers: { accept: 'application/json' } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal('O serviço de dados não responde.', 'Confira se ele está ligado (make up) e tente de novo.', 0);
  }
  if (!answer.ok) throw await refusalOf(answer);
  const body = await answer.json();
  return Array.isArray(body) ? { rows: body } : body;
}

function next() {
  while (running < AT_ONCE && queue.length) {
    const { path, params, signal, resolve, reject } = queue.shift();
    running += 1;
    fetchAnswer(path, params, signal).then(resolve, reject).finally(() => {
      running -= 1;
      next();
    });
  }
}

// One answer, once its turn has come; a question that was given up is never sent.
function ask(path, params, signal) {
  return new Promise((resolve, reject) => {
    queue.push({ path, params, signal, resolve, reject });
    next();
  });
}

function wasGivenUp(error) {
  return error.name === 'AbortError';
}
