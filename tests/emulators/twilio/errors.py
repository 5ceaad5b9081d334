"""Refusals as Twilio words them: an HTTP status and a body with a code that means more than the status."""

from __future__ import annotations

from aiohttp import web

_MESSAGES = {
    20001: (400, "Unknown parameter"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "Invalid 'From' Number"),
    21266: (400, "'To' and 'From' number cannot be the same"),
    21408: (
        400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    ),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided is not a valid message-capable Twilio phone number"),
    21609: (400, "The 'StatusCallback' URL is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number is not currently reachable using the 'From' phone number via SMS"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit"),
    21624: (400, "Invalid validity period value"),
    21701: (400, "The Messaging Service does not exist"),
    21703: (400, "The Messaging Service does not have a phone number available to send a message"),
    30409: (409, "This message can no longer be canceled"),
    35114: (400, "SendAt must be in the future and within 35 days, through a Messaging Service"),
}
REASONS = {
    11200: "HTTP retrieval failure",
    12300: "Invalid Content-Type",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30019: "Content size exceeds carrier limit",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
}


class Refusal(Exception):
    def __init__(
        self, code: int, detail: str = "", *, status: int | None = None, violation: bool = False
    ) -> None:
        known_status, message = _MESSAGES.get(code, (400, "Bad request"))
        self.code = code
        self.status = status or known_status
        self.message = f"{message}: {detail}" if detail else message
        self.violation = violation
        super().__init__(self.message)

    def response(self, retry_after: float | None = None) -> web.Response:
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return web.json_response(body, status=self.status, headers=headers)
