"""Every sentence that people read, in one catalogue: plain, short, and saying what to do next.

Texts to contacts hold GSM-7 characters only. Names in braces are filled in with `.format`.
"""

# Heads of posts

NOTICE = "Notice"
AUTOMATIC = "Automatic"
NOTE_BY = "Note by {name}"
FROM_DESK = "{name} ({desk})"
FROM_HERE = "{name}"
PART = "{head} ({part}/{parts})"

# Texts to contacts

CONFIRM_STOP = (
    "You are unsubscribed from {organisation} and will get no more texts. Reply START to opt in again."
)
CONFIRM_START = (
    "You've agreed to receive messages from {organisation}. "
    "Reply STOP to unsubscribe, HELP for help. Msg&data rates may apply."
)
COMPLIANCE = CONFIRM_START
HELP = "{organisation}: for help, contact {contact}. Reply STOP to unsubscribe. Msg&data rates may apply."
HELP_WITHOUT_CONTACT = "{organisation}: Reply STOP to unsubscribe. Msg&data rates may apply."
CORRECTION = "Correction: {text}"

# Small print under what came in

LATE = "Received {when} while threadline was down."
SHOWN_LATE = "Received {when}; a fault kept it from being shown until now."
KIND = "{kind}: {reason}"
KINDS = {  # what a message is, as people say it
    "opt_in": "Opt-in",
    "opt_out": "Opt-out",
    "help": "Asked for help",
    "poll": "Poll answer",
    "data": "Form answer",
    "reaction": "Reaction",
    "auto_reply": "Automatic reply",
    "natural": "Text",
    "auto": "automatic text",
    "confirmation": "confirmation",
    "campaign": "campaign",
}
LOOP = "threadline stopped answering: {count} automatic texts in {minutes} minutes. Is it a machine?"
OWN_NUMBER = "It came from our own number, so it is never answered automatically."
UNJUDGED = "It was not classified."

# What happened to a conversation

OPTED_OUT = "They texted “{words}” and are opted out: nothing can be sent to them until they text START."
OPTED_OUT_BY = "{name} took this for an opt-out: nothing can be sent to them until they text START."
OPTED_IN = "They texted “{words}” and are opted in again."
DOUBT = (
    "“{words}” may be a wish to get no more texts ({reason}). "
    "Automatic texts and campaigns to them are stopped until you decide."
)
WAS_NATURAL = "{name}: this was meant for people, and was no {kind}."
WAS_TAKEN_FOR = "It had been taken for: {kind}. {reason}"
NOT_OPTED_OUT = "They are not opted out any more."
OFF_THE_LIST = "They are off the list “{list}” again."
UNSUBSCRIBED_AS_BEFORE = "They are unsubscribed again, as before."
OPTED_OUT_AS_BEFORE = "They are opted out again, as before."
NOT_MEANT = "{name}: it was not meant as an opt-out. Automatic texts and campaigns go on."
PROVIDER_BLOCK = (
    "The provider refuses texts to this person: they opted out there. "
    "To hear from us again they must text START to {number}."
)
CANCELLED_BY_OPT_OUT = "Not sent, because they opted out: “{words}”"
UNSUBSCRIBED = "{name} unsubscribed them: no more campaigns and polls. You can still reply here."
RESUBSCRIBED = "{name} subscribed them again: they get campaigns and polls."
RESOLVED = "Resolved by {name}. Their next text reopens it."
REOPENED = "Reopened by {name}."
ASSIGNED = "{name} is on it."
ASSIGNED_BY = "{name} is on it, asked by {by}."
OPENED = "{name} opened this conversation. What you write here is sent as a text."
OPENED_EXPLICIT = "{name} opened this conversation. Nothing leaves until you use Send as SMS."
DISPLAY_ALL = "{name}: every message is shown here from now on."
DISPLAY_NATURAL = "{name}: only messages from person to person are shown here from now on."
HIDDEN_LINE = "{when}, {who} ({kind}): {text}"
REMOVED_BY = "Conversation removed by {name}"
REOPENED_THREAD = "The earlier thread was deleted by hand. The conversation goes on here."
MAY_BE_MISSING = "May already be shown above"
MAY_BE_MISSING_TEXT = "May already be shown above; repeated so that nothing is lost."
TOO_OLD = (
    "Not sent: {name} wrote “{words}” while threadline was down, and that is too long ago "
    "to send it unasked. Write it again to send it."
)
DELETED_TOO_LATE = (
    "{name} deleted a message here, but the text had already left and cannot be taken back: “{words}”"
)

# What became of a reply

FAILED = "Not delivered: {reason}"
FAILED_TEXT = "Not delivered: “{words}”\n{reason}"
NO_REASON = "the provider gave no reason."
UNSURE = "It may or may not have arrived: “{words}”\n{reason}\nSend it again, or leave it?"
WENT_OUT_AFTER_ALL = "It went out after all: “{words}”"
LEFT_BEFORE_CANCEL = "It had already left when it was cancelled: “{words}”"
SENDING_AGAIN = "{name} sends it again: “{words}”"
LEFT_AS_IT_IS = "Left as it is by {name}."
CONFIRM = "This goes as {price}. Send it? “{words}”"
CONFIRMED = "Sent by {name}: “{words}”"
NOT_CONFIRMED = "Not sent, cancelled by {name}: “{words}”"

# To one member of staff alone

NOTHING_SENT_HERE = (
    "Nothing was sent. To answer somebody, write in their thread; to text somebody new, start a conversation."
)
NOTHING_SENT_UNKNOWN = (
    "Nothing was sent: threadline does not know whose conversation this is. "
    "Answer in their other thread, or start a conversation with them."
)
NOT_A_MEMBER = {
    "stranger": "Nothing was sent: only members of this organisation can send texts from here.",
    "anonymous": "Nothing was sent: you are writing anonymously. Turn that off, so that a text has a sender.",
}
NOT_A_MEMBER_PRESS = {
    "stranger": "Nothing was done: only members of this organisation can do that.",
    "anonymous": "Nothing was done: you are anonymous here. Turn that off and try again.",
}
REFUSED_OPTED_OUT = "Not sent: they opted out. They can text START to {number} to hear from us again."
REFUSED_NAME = "Not sent: “{sender}” is a name, not a number, and cannot be answered."
REFUSED_REMOVED = "This conversation was removed; nothing was sent. Start it anew to text them."
REFUSED_OTHER_THREAD = "This thread is closed; nothing was sent. The conversation goes on in a newer one."
REFUSED_NO_LINE = "Not sent: the line “{line}” is no longer configured. Ask the operator."
REFUSED_EMPTY = "Not sent: nothing is left of it."
REFUSED_TOO_LONG = "Not sent: {length} characters are too many for one text; the limit is {limit}. Split it."
REFUSED_NO_MEDIA = "Not sent: this line cannot send pictures or files. Send a link instead."
REFUSED_MANY_MEDIA = "Not sent: {count} files are too many for one text; the limit is {limit}."
REFUSED_BIG_MEDIA = "Not sent: the files are too large together ({size}); the limit is {limit}."
REFUSED_MEDIA_TYPE = "Not sent: {name} ({type}) cannot go in a text. What can: {types}."
COST = "This goes as {price}."
COST_GUILTY = "This goes as {price}, because “{char}” is not in the plain SMS alphabet."
MMS_PRICE = "MMS, {credits} credits"
SEGMENTS_PRICE = "{segments} segments, {credits} credits"
ONE_CREDIT = "one SMS, 1 credit"
ALREADY_SENT = "Already sent, so the edit changes nothing: they still have the old words."
NOTE_STAYS = "That was a note and stays one: nothing was sent. Write a new message to send it."
CANCELLED_STAYS = "That message was not sent, and editing it does not send it. Write it again."
FAILED_STAYS = "That message did not arrive, and editing it does not send it. Write it again."

# Presses that come too late or do not fit

STALE = "That is no longer there. Nothing was done."
STALE_GONE = "Nothing was done: this conversation was removed. Their next text opens a new one."
STALE_SENT = "It has been sent already. Nothing was done."
STALE_ON_ITS_WAY = "It is on its way already. Nothing was done."
STALE_CANCELLED = "It was cancelled already. Nothing was sent."
STALE_LEAVES_BY_ITSELF = "It leaves by itself in a moment. Nothing was done."
STALE_NOTE = "That is a note, and notes never leave. Write it anew to send it."
STALE_NOT_FAILED = "It did not fail, so there is nothing to send again."
STALE_DECIDED = "Somebody has decided that already. Nothing was done."
STALE_UNSUBSCRIBED = "They are unsubscribed already."
STALE_SUBSCRIBED = "They are not unsubscribed. Nothing was done."
STALE_ONLY_START = "They opted out themselves: only they can come back, by texting START to {number}."
STALE_ASSIGNED = "{name} is on it already."
STALE_RESOLVED = "It is resolved already."
STALE_OPEN = "It is open already."
STALE_DISPLAY = "It is shown that way already."
STALE_NOTHING_HIDDEN = "Nothing is hidden here."
STALE_STRAIGHT = "It is in plain characters already."
NEEDS_TEXT = "Nothing was kept: the note was empty."
NEEDS_THREAD = "Nothing was done: use it inside a conversation's thread."
UNKNOWN_ACTION = "threadline does not know how to do “{action}” here. Nothing was done."
NOT_A_NUMBER = (
    "“{raw}” is not a number that can be texted. "
    "Write it like (555) 010-0199, or with its country: +1 555 010 0199."
)
OWN_LINE = "{number} is one of our own numbers. Nothing was done."
NO_LINE_HERE = "No line is shown on this desk, so no conversation can start here. Ask the operator."
WRONG_LINE = "There is no line “{line}” on this desk. Nothing was done."

# Forms and settings

NEEDS_WORDS = "Write the text."
NEEDS_NAME = "Give it a name."
TOO_LONG = "That is too long: at most {limit} characters."
UNKNOWN_SETTING = "There is no setting “{name}”. There are: {known}."
WRONG_VALUE = "{label}: {why}."
UNKNOWN_FIELD = (
    "“{field}” is no field. Write fields like {{first_name}} or, with what to say instead, "
    "{{first_name|there}}."
)
WRONG_CHANNEL = "Choose e-mail or text."
NO_MAIL_SERVER = "No mail server is set up. Ask the operator to add one, or choose text."
NOT_AN_EMAIL = "“{raw}” is not an e-mail address."
WRONG_EVERY = "Write minutes, 0 to 1440; 0 tells you at once."
NOT_AN_ADMIN = "Nothing was changed: only an admin of this desk can do that. Ask {admins}."
NO_ADMIN_KNOWN = "an admin"
SETTING_CHANGED = "{label}: {value}. It holds from now on."
SETTING_NONE = "none"
UNKNOWN_COLLEAGUE = "Nobody of that name has done anything here yet, so they have no role to change."
LAST_ADMIN = "Nothing was changed: somebody must stay admin of this desk. Make another one admin first."
ROLE_ADMIN = "{name} is an admin of this desk now."
ROLE_AGENT = "{name} is an agent of this desk now: they answer people, and change no settings."
NAMED = "They are called {name} from now on."
UNNAMED = "Their name is forgotten; the number is shown."
TEMPLATE_SAVED = "The template “{name}” is kept."
TEMPLATE_REMOVED = "The template “{name}” is removed. Save it again to have it back."
UNKNOWN_TEMPLATE = "There is no template “{name}”."
MISSING_VALUES = "Not sent: nothing is known for {fields}. Fill it in, or write a fallback: {{{first}|…}}."
WATCHING = "New texts are announced to {address} from now on."
NOT_WATCHING = "New texts are no longer announced to you that way."
BLOCKED = "Blocked by {name}: nothing they text is shown any more. STOP and HELP still work for them."
UNBLOCKED = "Unblocked by {name}: what they text is shown again."
STALE_BLOCKED = "They are blocked already."
STALE_NOT_BLOCKED = "They are not blocked. Nothing was done."

# Buttons

SEND = "Send"
SEND_NOW = "Send now"
WAS_NATURAL_SO = "A person wrote this"
WAS_OPT_OUT_SO = "They want no more texts"
WAS_OPT_OUT_CONFIRM = (
    "They are opted out at once and told so in one text. Nothing can be sent to them until they text START."
)
AFTER_THE_EARLIER_ONE = "It leaves right after the reply that you wrote before it."
CANCEL = "Cancel"
TRY_AGAIN = "Try again"
SEND_AGAIN = "Send again"
LEAVE_IT = "Leave it"
UNSUBSCRIBE = "Unsubscribe"
NOT_MEANT_SO = "Not meant so"
SEND_CORRECTION = "Send a correction"
STRAIGHTEN = "Use plain characters: {price}"
SHOW_HIDDEN = "Show {count} hidden messages"
SHOW_HIDDEN_ONE = "Show 1 hidden message"

# Cards

RESOLVE = "Resolve"
REOPEN = "Reopen"
ASSIGN_TO_ME = "Assign to me"
UNSUBSCRIBE_CONTACT = "Unsubscribe contact"
UNSUBSCRIBE_CONFIRM = "They get no more campaigns and polls. You can still reply."
RESUBSCRIBE_CONTACT = "Resubscribe contact"
REMOVE = "Remove conversation"
REMOVE_CONFIRM = "It leaves this desk. The contact and the history stay; their next text opens a new thread."
USE_TEMPLATE = "Answer with a template"
SHOW_ALL = "Message display: show all"
SHOW_NATURAL = "Message display: natural only"
FACT_NUMBER = "Number"
FACT_SENDER = "Sender"
FACT_LINE = "Line"
FACT_SUBSCRIPTION = "Subscription"
FACT_ASSIGNED = "On it"
FACT_WAITING = "Waiting since"
FACT_MODE = "Mode"
NOBODY = "nobody yet"
MODE_DIRECT = "Everything you write here is sent as a text"
MODE_EXPLICIT = "Nothing leaves until you use Send as SMS"
STATE_OPTED_OUT = "Opted out since {when}"
STATE_UNSUBSCRIBED = "Unsubscribed by staff"
STATE_DOUBTED = "May have opted out: staff must decide"
STATE_SUBSCRIBED = "Subscribed to {lists}"
STATE_NO_LIST = "On no list"
CARD_OPTED_OUT = "Opted out: nothing can be sent"
CARD_NAME = "The sender is a name, not a number: it cannot be answered"
CARD_BLOCKED = "Blocked: nothing of theirs is shown"
CARD_DOUBTED = "May have opted out: automatic texts are stopped until you decide"
CARD_RESOLVED = "Resolved"

# To the operator

OP_NO_LINE = "A text came in for line {line}, which is not configured; it is stored and shown nowhere."
OP_LOOP = "Stopped answering {number} on line {line}: {count} automatic texts in {minutes} minutes."
OP_EFFECT_FAILED = "{what} on {desk} failed: {reason}"
OP_NOT_SHOWN = "A message could not be shown on {desk}: its thread is gone again and again."
OP_MAY_NOT_BE_SHOWN = "A message may not be shown on {desk}: showing it failed again and again."
OP_AUTO_FAILED = "An automatic text on line {line} was not delivered: {reason}"
OP_AUTO_UNSURE = "An automatic text on line {line} may or may not have arrived: {reason}"
OP_WORKS_AGAIN = "{where} works again; what waited goes out now."
OP_NOT_HEARD = (
    "Nothing that staff do in {where} is heard since {since}: {reason}. "
    "What they write there is read when this is over."
)
OP_HEARD_AGAIN = "What staff do in {where} is heard again."
OP_STORE_BACK = "Since {since} the store was not well: {reason}. That is over now."
AWAY_SLOW = "it has asked to slow down for minutes and lets nothing through"
OP_UNREADABLE = "A signed request for line {line} could not be read; it is kept raw ({digest})."

# Panels

NOT_FOR_YOU = "Not here"
NOTHING_HERE = "Nothing here"
ON_THE_SERVER = "“{word}” is not on the desk yet: on the server, `threadline {word}` does it."
NO_SUCH_COMMAND = "There is no command “{word}”, so nothing was sent. Try help."
BELONGS_INTO_A_THREAD = "“{usage}” belongs into the thread of a conversation. Nothing was done."
SO = "So: {usage}"
SAVE = "Save"
CLOSE = "Close"
REFRESH = "Look again"
GO_THERE = "Go there"
ONLY_IN_CHANNEL = "Only those who are in {where} can see that. Ask somebody there to invite you."
PANEL_IS_OLD = "That list is old: give the command again."
CANNOT_READ = "That cannot be read just now. Nothing was done; try again in a moment."
STARTING = "Starting a conversation with {who}."
CHANGE = "Change"
BACK = "Back"
USE = "Use"
FIELD_PERSON = "Number or name"
FIELD_TEXT = "Message"
FIELD_NAME = "Name"
FIELD_CHANNEL = "How"
FIELD_ADDRESS = "E-mail address or number; empty: not at all"
FIELD_EVERY = "Minutes between digests; 0: at once"
FIELD_QUIET = "Quiet times"
NEW_TITLE = "New text message"
NEW_TEXT = "Their thread opens at once. A message leaves after the hold, in which it can be cancelled."
NEW_START = "Start"
INBOX_TITLE = "Inbox"
SORT_WAITING = "Waiting"
SORT_UNREAD = "Unread"
SORT_MINE = "Mine"
SORT_RESOLVED = "Resolved"
INBOX_NONE = {
    "waiting": "Nobody is waiting for an answer.",
    "unread": "Nothing is unread.",
    "mine": "Nobody is assigned to you.",
    "resolved": "Nothing is resolved yet.",
}
INBOX_COUNT = {
    "waiting": "Waiting for an answer: {count}, longest first.",
    "unread": "With unread texts: {count}, newest first.",
    "mine": "Assigned to you: {count}, newest first.",
    "resolved": "Resolved: {count}, newest first.",
}
PAGE_OF = "Page {page} of {pages}."
PAGE_BACK = "Back a page"
PAGE_NEXT = "Next page"
ROW_WAITING = "waiting since {when}"
ROW_UNREAD = "{count} unread"
ROW_ASSIGNED = "{name} is on it"
FIND_TITLE = "Find"
FIND_WHAT = "Write part of a name or number."
FOUND_NOBODY = "Nobody is found for “{query}”."
NEVER_TEXTED = "never texted before"
TEXT_THEM = "Text them"
CONTACT_TITLE = "Contact details"
FACT_SINCE = "Known since"
BLOCK = "Block number"
UNBLOCK = "Unblock number"
BLOCK_CONFIRM = "Nothing that they text is shown any more, on any desk. STOP and HELP still work for them."
MESSAGE_TITLE = "What became of it"
MESSAGE_UNKNOWN = "threadline knows no text that this message stands for."
STORY_RECEIVED = "Received {when}."
STORY_KIND = "Taken for: {kind}. {reason}"
STORY_CORRECTED = "Corrected by {name}."
STORY_INTERNAL = "Written {when} by {name}. It stays inside: it was not sent to anybody."
STORY_WRITTEN = "Written {when} by {name}."
STORY_COST = "Segments: {segments}. Credits: {credits}."
STORY_ATTEMPTS = "Tried {count} times."
STATES = {
    "held": "It waits, and can still be changed.",
    "queued": "It waits for its turn to be sent.",
    "sent": "The provider has it; whether it arrived is not known yet.",
    "delivered": "It arrived on their phone.",
    "undelivered": "It did not arrive.",
    "failed": "It could not be sent.",
    "cancelled": "It was cancelled and never sent.",
    "unsure": "Nobody can say whether it went out.",
    "received": "Received.",
    "internal": "It stays inside.",
}
TEMPLATES_TITLE = "Templates"
TEMPLATES_NONE = "There are no templates yet."
TEMPLATES_ALL = "Texts that are written once and sent often."
TEMPLATES_PICK = "The likeliest for their last text come first. Nothing is sent until you press Send."
TEMPLATE_NEW = "New template"
TEMPLATE_CHANGE = "Change template"
TEMPLATE_REMOVE = "Remove template"
TEMPLATE_REMOVE_CONFIRM = "Nobody can choose it any more. Save it again to have it back."
TEMPLATE_FIELDS = (
    "Fields in braces are filled in: {first_name}, {full_name}, {organisation}. "
    "After a bar stands what to say where nothing is known: {first_name|there}."
)
USE_COST = "As it stands: {segments} SMS, {credits} credits."
USE_COST_MMS = "As it stands: one MMS, {credits} credits."
USE_MISSING = "Nothing is known for {fields}: write it in before you send."
SETTINGS_TITLE = "Settings"
SETTINGS_TEXT = "What is in force here. A change holds at once."
SETTINGS_READ_ONLY = "What is in force here. Only admins of this desk change it."
SETTING_TEXT = "{label} now: {value}"
CHANGES_TITLE = "Who changed what"
CHANGES_NONE = "Nothing has been changed: everything is as configured."
CHANGE_LINE = "{label}: {before} → {after}"
AS_CONFIGURED = "as configured"
NOTIFY_TITLE = "Notifications"
NOTIFY_NOW = "New texts are announced to {address}, unless you are the one who is answering."
NOTIFY_OFF = "You are not told of new texts by e-mail or text."
NOTIFY_TEST = "Send a test"
NOTIFY_TEST_TEXT = "This is a test: new texts will be announced to you like this."
NOTIFY_TEST_SENT = "A test is on its way to {address}."
MAIL_SUBJECT = "new text from {who}"
MAIL_SUBJECT_MANY = "{count} people are waiting for an answer"
MAIL_FOOT = "-- \nAnswer on your desk: replies to this mail reach nobody. Change this under Notifications."
SMS_ONE = "{organisation}: new text from {who}."
SMS_MANY = "{organisation}: {count} people are waiting for an answer."
REMINDER = "Nobody has answered them since {when}."
REMINDER_TO = "{name}, they have been waiting for an answer since {when}."
CHANNEL_EMAIL = "By e-mail"
CHANNEL_SMS = "By text"
ROLES_TITLE = "Who may do what"
ROLES_TEXT = "Admins change settings, templates and roles, and block numbers. Agents do everything else."
ROLES_ALL = "Nobody is named admin, so everybody here is one. Make somebody admin to keep it to them."
IS_ADMIN = "admin"
IS_AGENT = "agent"
MAKE_ADMIN = "Make admin"
MAKE_AGENT = "Make agent"
USAGE_TITLE = "Usage"
USAGE_TEXT = "One credit is one SMS; an MMS is three. Incoming texts cost none."
USAGE_MONTH = "{month}: {came} received, {went} sent, {credits} credits"
USAGE_BUDGET = "{share} % of the budget of {budget} credits; at 100 % campaigns stop, replies never do"
HELP_TITLE = "How this works"
HELP_TEXT = (
    "What you write in a conversation's thread goes to that person as a text message. "
    "Inside stays what begins with // or note:, and what begins by naming a colleague."
)
