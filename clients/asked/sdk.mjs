// snowflake-sdk: a count, rows with a number and a time, a bound value.
import assert from 'node:assert';
import { createRequire } from 'node:module';

const snowflake = createRequire(`${process.env.NODE_PROJECT}/`)('snowflake-sdk');
snowflake.configure({ logLevel: 'OFF' });
const connection = snowflake.createConnection({
  account: 'embedded',
  username: 'inmet',
  password: 'embedded',
  accessUrl: `http://127.0.0.1:${process.env.SNOWFLAKE_PORT}`,
  database: process.env.SNOWFLAKE_DATABASE,
  schema: 'CLEAN',
  warehouse: 'INMET',
});
const ask = (sqlText, binds) => new Promise((resolve, reject) => {
  connection.execute({ sqlText, binds, complete: (error, _, rows) => (error ? reject(error) : resolve(rows)) });
});
await new Promise((resolve, reject) => { connection.connect((error) => (error ? reject(error) : resolve())); });
const [{ N: hours }] = await ask('SELECT COUNT(*) AS n FROM OBSERVATIONS');
assert.equal(hours, Number(process.env.EXPECTED_HOURS));
const rows = await ask('SELECT station_id, observed_at, temperature_c FROM OBSERVATIONS ORDER BY observed_at LIMIT 10');
assert.equal(rows.length, 10);
assert.equal(typeof rows[0].TEMPERATURE_C, 'number');
assert.ok(rows[0].OBSERVED_AT instanceof Date, typeof rows[0].OBSERVED_AT);
const [{ N: hot }] = await ask('SELECT COUNT(*) AS n FROM OBSERVATIONS WHERE temperature_c > ?', [25]);
assert.ok(hot > 0 && hot < hours);
await new Promise((resolve) => { connection.destroy(resolve); });
process.exit(0);
