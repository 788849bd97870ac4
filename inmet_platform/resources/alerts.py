"""One webhook that is told what somebody should look at."""

from __future__ import annotations

import httpx

from inmet_platform.resources.home import HomeResource

TIMEOUT_S = 10.0
LONGEST_TEXT = 1000


class AlertWebhook(HomeResource):
    """The address of `ALERT_WEBHOOK_URL`. It often holds a secret, so no sentence here names it."""

    def send(self, text: str, page: str) -> str:
        """Post an alert as JSON: `text`, which Slack, Teams and others show, and `page`.

        Args:
            text: what happened; it is cut where it is long.
            page: of Dagster's UI, such as `/runs/<id>`.

        Returns:
            Empty, or a sentence that says why the alert was not delivered.
        """
        address = self.settings.alert_webhook_url
        if address is None:
            return "ALERT_WEBHOOK_URL is empty."
        link = f"{self.settings.dagster_url.rstrip('/')}{page}"
        alert = {"text": f"{text[:LONGEST_TEXT]}\n{link}", "page": link}
        try:
            answer = httpx.post(address.get_secret_value(), json=alert, timeout=TIMEOUT_S)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"ALERT_WEBHOOK_URL did not answer: {type(error).__name__}."
        if answer.is_success:
            return ""
        return f"ALERT_WEBHOOK_URL answered {answer.status_code}; expected 2xx."
