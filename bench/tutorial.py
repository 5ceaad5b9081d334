"""What one would write in an afternoon: Flask, sqlite3, slack_sdk, everything inside the request.

A text comes in, goes to the person's Slack thread, is stored, and is answered. There is no queue, no check of
the signature, no second try: if Slack is slow, Twilio waits; if it fails, Twilio hears 500.

gunicorn --workers 2 --threads 32 bench.tutorial:app
"""

import os
import sqlite3

from flask import Flask, Response, request
from slack_sdk import WebClient

FILE = os.environ.get("TUTORIAL_FILE", "tutorial.db")
CHANNEL = "C0SUPPORT"

app = Flask(__name__)
slack = WebClient(token="xoxb-bench", base_url=os.environ.get("TUTORIAL_SLACK", "https://slack.com/api/"))


def connect() -> sqlite3.Connection:
    """Open the database, with its tables."""
    connection = sqlite3.connect(FILE, timeout=30)
    connection.execute("CREATE TABLE IF NOT EXISTS threads (sender TEXT PRIMARY KEY, ts TEXT)")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS messages "
        "(sid TEXT PRIMARY KEY, sender TEXT, body TEXT, ts TEXT, at TEXT DEFAULT CURRENT_TIMESTAMP)"
    )
    return connection


@app.post("/hooks/main")
def incoming() -> Response:
    """Take a text."""
    sender, body, sid = request.form["From"], request.form["Body"], request.form["MessageSid"]
    connection = connect()
    try:
        known = connection.execute("SELECT ts FROM threads WHERE sender = ?", (sender,)).fetchone()
        if known is None:
            ts = slack.chat_postMessage(channel=CHANNEL, text=f"{sender}: {body}")["ts"]
            connection.execute("INSERT OR IGNORE INTO threads VALUES (?, ?)", (sender, ts))
        else:
            ts = slack.chat_postMessage(channel=CHANNEL, text=body, thread_ts=known[0])["ts"]
        connection.execute(
            "INSERT OR IGNORE INTO messages (sid, sender, body, ts) VALUES (?, ?, ?, ?)",
            (sid, sender, body, ts),
        )
        connection.commit()
    finally:
        connection.close()
    return Response("<Response/>", mimetype="text/xml")


with connect():
    pass
