"""The tables, written once for SQLite and PostgreSQL.

Times are Unix seconds. JSON is kept as text: both databases hand it over as it came, and only
Python looks inside. Ids are text that sorts by time (bridge.model.ids).
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_serial = BigInteger().with_variant(Integer, "sqlite")

# ---- what comes in and what must go out ---------------------------------------------------------

journal = Table(
    "journal",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, done, aside
    Column("due", Float, nullable=False),
    Column("in_lane", Integer, nullable=False, server_default="0"),  # its lane knows of it
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("received_at", Float, nullable=False),
    Column("decided_at", Float),
    Index("ix_journal_open", "lane", "due", "seq", sqlite_where=text("state = 'open'"),
          postgresql_where=text("state = 'open'")),
    Index("ix_journal_new", "seq", sqlite_where=text("in_lane = 0"), postgresql_where=text("in_lane = 0")),
    Index("ix_journal_aside", "seq", sqlite_where=text("state = 'aside'"),
          postgresql_where=text("state = 'aside'")),
    Index("ix_journal_decided", "decided_at", sqlite_where=text("decided_at IS NOT NULL"),
          postgresql_where=text("decided_at IS NOT NULL")),
)  # fmt: skip

effects = Table(
    "effects",
    metadata,
    Column("id", _serial, primary_key=True, autoincrement=True),  # orders a lane
    Column("key", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    Column("meter", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("weight", Float, nullable=False),
    # open, claimed, doubtful (claimed, never settled: find out), done, failed, unsure (staff asked),
    # cancelled
    Column("state", Text, nullable=False),
    Column("due", Float, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("looks", Integer, nullable=False, server_default="0"),  # how often `find` looked for it
    Column("first_tried_at", Float),
    Column("message_id", Text),
    Column("thread_id", Text),
    Column("code", Text),
    Column("error", Text),
    Column("created_at", Float, nullable=False),
    Column("settled_at", Float),
    Index("ix_effects_open", "lane", "id",
          sqlite_where=text("state IN ('open', 'claimed', 'doubtful')"),
          postgresql_where=text("state IN ('open', 'claimed', 'doubtful')")),
    Index("ix_effects_opening", "meter",
          sqlite_where=text("type = 'open_thread' AND state IN ('claimed', 'doubtful')"),
          postgresql_where=text("type = 'open_thread' AND state IN ('claimed', 'doubtful')")),
    Index("ix_effects_message", "message_id", sqlite_where=text("message_id IS NOT NULL"),
          postgresql_where=text("message_id IS NOT NULL")),
    Index("ix_effects_wrong", "id", sqlite_where=text("state IN ('failed', 'unsure')"),
          postgresql_where=text("state IN ('failed', 'unsure')")),
    Index("ix_effects_settled", "settled_at", sqlite_where=text("settled_at IS NOT NULL"),
          postgresql_where=text("settled_at IS NOT NULL")),
)  # fmt: skip

lanes = Table(
    "lanes",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("meter", Text, nullable=False),  # "events" for the journal's lanes
    Column("priority", Integer, nullable=False),
    Column("due", Float, nullable=False),  # of what waits at its head
    Column("owner", Text, nullable=False, server_default=""),
    Column("leased_until", Float, nullable=False, server_default="0"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Index("ix_lanes_due", "meter", "priority", "due"),
)

meters = Table(
    "meters",
    metadata,
    Column("meter", Text, primary_key=True),
    Column("level", Float, nullable=False),  # what may go through at `at`
    Column("at", Float, nullable=False),
    Column("closed_until", Float, nullable=False, server_default="0"),
    Column("reason", Text),
)

# ---- the nouns ------------------------------------------------------------------------------------

contacts = Table(
    "contacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("address_kind", Text, nullable=False),
    Column("name", Text),
    Column("opted_out_at", Float),
    Column("unsubscribed_at", Float),
    Column("doubted_at", Float),
    Column("welcomed_at", Float),
    Column("blocked_at", Float),
    Column("created_at", Float, nullable=False),
    Column("fields", Text),
    Column("tags", Text),
    Column("timezone", Text),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact_id", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("assigned_to", Text),
    Column("waiting_since", Float),
    Column("last_in_at", Float),
    Column("last_at", Float, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("awaiting", Text),
    Column("created_at", Float, nullable=False),
    Column("campaign", Text),
    Column("campaign_at", Float),
    UniqueConstraint("contact_id", "line"),
    Index("ix_conversations_last", "last_at"),
    Index("ix_conversations_waiting", "waiting_since", sqlite_where=text("waiting_since IS NOT NULL"),
          postgresql_where=text("waiting_since IS NOT NULL")),
    Index("ix_conversations_unread", "id", sqlite_where=text("unread > 0"),
          postgresql_where=text("unread > 0")),
)  # fmt: skip

threads = Table(
    "threads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("ref", Text),
    Column("state", Text, nullable=False),
    Column("display", Text),
    Column("card", Text),
    Column("last_post_at", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("uq_threads_live", "conversation_id", "desk", unique=True,
          sqlite_where=text("state = 'live'"), postgresql_where=text("state = 'live'")),
    Index("ix_threads_ref", "desk", "ref"),
    Index("ix_threads_recent", "desk", "last_post_at", sqlite_where=text("state = 'live'"),
          postgresql_where=text("state = 'live'")),
)  # fmt: skip

# what people wrote to people, and so what threads show unless they show all
NATURAL = (
    "direction = 'internal' OR (direction = 'in' AND kind = 'natural') "
    "OR (direction = 'out' AND kind = 'reply')"
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("contact_id", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("media", Text),
    Column("value", Text),
    Column("reason", Text, nullable=False),
    Column("suspicion", Text),
    Column("author", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("desk", Text),
    Column("ref", Text),
    Column("order", Text, nullable=False),
    Column("provider_id", Text),
    Column("segments", Integer, nullable=False),
    Column("credits", Integer, nullable=False),
    Column("error", Text),
    Column("error_code", Text),
    Column("hold_until", Float),
    Column("late", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="1"),
    Column("corrected", Text),
    Column("corrected_by", Text, nullable=False, server_default=""),
    Column("tapback", Text),
    Column("consent_before", Text),
    Column("campaign", Text),
    # of a conversation: every message is in one of these two
    Index("ix_messages_natural", "conversation_id", "at",
          sqlite_where=text(NATURAL), postgresql_where=text(NATURAL)),
    Index("ix_messages_hidden", "conversation_id", "at",
          sqlite_where=text(f"NOT ({NATURAL})"), postgresql_where=text(f"NOT ({NATURAL})")),
    Index("ix_messages_contact", "contact_id", "at"),
    Index("ix_messages_at", "at"),
    Index("ix_messages_corrected", "at", sqlite_where=text("corrected IS NOT NULL"),
          postgresql_where=text("corrected IS NOT NULL")),
    Index("ix_messages_campaign", "campaign", "state", sqlite_where=text("campaign IS NOT NULL"),
          postgresql_where=text("campaign IS NOT NULL")),
    Index("ix_messages_waiting", "contact_id", sqlite_where=text("state IN ('held', 'queued', 'unsure')"),
          postgresql_where=text("state IN ('held', 'queued', 'unsure')")),
    Index("uq_messages_ref", "desk", "ref", unique=True, sqlite_where=text("ref IS NOT NULL"),
          postgresql_where=text("ref IS NOT NULL")),
    Index("ix_messages_provider", "provider_id", sqlite_where=text("provider_id IS NOT NULL"),
          postgresql_where=text("provider_id IS NOT NULL")),
)  # fmt: skip

post_refs = Table(
    "post_refs",
    metadata,
    Column("thread_id", Text, nullable=False),
    Column("desk", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Index("ix_post_refs_message", "message_id"),
)

media = Table(
    "media",
    metadata,
    Column("id", Text, primary_key=True),
    Column("content_type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("created_at", Float, nullable=False),
)

notes = Table(  # what a desk that draws itself shows besides messages
    "notes",
    metadata,
    Column("thread_id", Text, nullable=False),
    Column("ref", Text, primary_key=True),
    Column("post", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_notes_thread", "thread_id", "at"),
)

# ---- what staff keep ------------------------------------------------------------------------------------

templates = Table(
    "templates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("removed_at", Float),
)

template_uses = Table(
    "template_uses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("template", Text, nullable=False),
    Column("answered", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_template_uses_at", "at"),
)

colleagues = Table(  # who showed themselves on a desk
    "colleagues",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
)

watchers = Table(  # who wants to be told of new texts, and how
    "watchers",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("on", Integer, nullable=False),
    Column("every", Float, nullable=False),
    Column("quiet", Text, nullable=False),
    Column("lines", Text, nullable=False),
)

# ---- the subscriber side ----------------------------------------------------------------------------

lists = Table(
    "lists",
    metadata,
    Column("name", Text, primary_key=True),
    Column("created_at", Float, nullable=False),
)

keywords = Table(
    "keywords",
    metadata,
    Column("word", Text, primary_key=True),
    Column("list_name", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("reply_again", Text),
    Column("form", Text),
    Column("double", Integer, nullable=False, server_default="0"),
    Column("removed_at", Float),
    Column("created_at", Float, nullable=False, server_default="0"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("list_name", Text, primary_key=True),
    Column("since", Float, nullable=False),
    Column("ended_at", Float),
    Index("ix_subscriptions_list", "list_name"),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact_id", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("source", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("matched_by", Text, nullable=False),
    Column("message_id", Text),
    Column("actor", Text, nullable=False),
    Index("ix_consent_contact", "contact_id", "at"),
)

forms = Table(
    "forms",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fields", Text, nullable=False),
    Column("done", Text, nullable=False),
    Column("expire_days", Float, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("removed_at", Float),
)

fillings = Table(  # how far people are in forms
    "fillings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("form", Text, nullable=False),
    Column("contact_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("answers", Text, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("ended_at", Float),
    Index("ix_fillings_contact", "contact_id"),
    Index("ix_fillings_form", "form", "started_at"),
)

polls = Table(
    "polls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("multiple", Integer, nullable=False),
    Column("thanks", Text, nullable=False),
    Column("invalid", Text, nullable=False),
    Column("closed", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opens_at", Float),
    Column("closes_at", Float),
    Column("target", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Float, nullable=False),
)

votes = Table(
    "votes",
    metadata,
    Column("poll_id", Text, primary_key=True),
    Column("contact_id", Text, primary_key=True),
    Column("choices", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("by", Text, nullable=False),
)

unclear = Table(  # answers to polls that staff assign
    "unclear",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("poll_id", Text, nullable=False),
    Column("contact_id", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("state", Text, nullable=False),
    Index("ix_unclear_poll", "poll_id", "state", "at"),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("lists", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("exclude", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("poll_id", Text),
    Column("at", Float),
    Column("local", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("why", Text, nullable=False),
    Column("planned", Text),
    Index("ix_campaigns_created", "created_at"),
)

recipients = Table(
    "recipients",
    metadata,
    Column("campaign_id", Text, primary_key=True),
    Column("contact_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due", Float, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("message_id", Text),
    Index("ix_recipients_state", "campaign_id", "state", "due"),
    Index("ix_recipients_contact", "contact_id"),
)

bulletins = Table(  # posts beside all threads that are kept up to date
    "bulletins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("desk", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("ref", Text),
    UniqueConstraint("subject", "desk"),
)

suppressed = Table(  # numbers of people who were erased and must not be texted, as keyed hashes
    "suppressed",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("at", Float, nullable=False),
)

# ---- the house itself -----------------------------------------------------------------------------

settings = Table(  # made at run time; they win over the configuration
    "settings",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Float, nullable=False),
)

changes = Table(  # who changed which setting, when: append-only
    "changes",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("by", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
)

cursors = Table(  # how far a listener has read
    "cursors",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

counters = Table(  # "catalogue": counts changes of keywords, lists and settings
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

operator_notices = Table(
    "operator_notices",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("text", Text, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("link_hash", Text),  # of the one-time link; gone once used
    Column("link_until", Float),
    Column("created_at", Float, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("until", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("ix_sessions_staff", "staff_id"),
)

links = Table(  # one-time addresses under which a provider fetches outbound media
    "links",
    metadata,
    Column("token", Text, primary_key=True),
    Column("media_id", Text, nullable=False),
    Column("until", Float, nullable=False),
)

# Conditions of the partial indexes, word for word: with a bound value neither planner would use them.
JOURNAL_OPEN = text("journal.state = 'open'")
JOURNAL_NEW = text("journal.in_lane = 0")
EFFECTS_WAITING = text("effects.state IN ('open', 'claimed', 'doubtful')")
EFFECTS_WRONG = text("effects.state IN ('failed', 'unsure')")
MESSAGES_WAITING = text("messages.state IN ('held', 'queued', 'unsure')")
MESSAGES_NATURAL = text(f"({NATURAL})")
MESSAGES_HIDDEN = text(f"NOT ({NATURAL})")
THREADS_LIVE = text("threads.state = 'live'")
EFFECTS_OPENING = text("effects.type = 'open_thread' AND effects.state IN ('claimed', 'doubtful')")
CONVERSATIONS_UNREAD = text("conversations.unread > 0")
