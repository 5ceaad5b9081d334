"""Every sentence that people read, in one catalogue: plain, short, and saying what to do next.

`_` gives it in the language that the house speaks (bridge/render/language.py).

Texts to contacts hold GSM-7 characters only. Names in braces are filled in with `.format`.
"""

from bridge.render.language import gettext as _

# Heads of posts

NOTICE = _("Notice")
AUTOMATIC = _("Automatic")
NOTE_BY = _("Note by {name}")
FROM_DESK = _("{name} ({desk})")
FROM_HERE = _("{name}")
PART = _("{head} ({part}/{parts})")

# Texts to contacts

CONFIRM_STOP = _(
    "You are unsubscribed from {organisation} and will get no more texts. Reply START to opt in again."
)
CONFIRM_START = _(
    "You've agreed to receive messages from {organisation}. "
    "Reply STOP to unsubscribe, HELP for help. Msg&data rates may apply."
)
COMPLIANCE = CONFIRM_START
HELP = _("{organisation}: for help, contact {contact}. Reply STOP to unsubscribe. Msg&data rates may apply.")
HELP_WITHOUT_CONTACT = _("{organisation}: Reply STOP to unsubscribe. Msg&data rates may apply.")
CORRECTION = _("Correction: {text}")

# Small print under what came in

LATE = _("Received {when} while threadline was down.")
SHOWN_LATE = _("Received {when}; a fault kept it from being shown until now.")
KIND = _("{kind}: {reason}")
KINDS = {  # what a message is, as people say it
    "opt_in": _("Opt-in"),
    "opt_out": _("Opt-out"),
    "help": _("Asked for help"),
    "poll": _("Poll answer"),
    "data": _("Form answer"),
    "reaction": _("Reaction"),
    "auto_reply": _("Automatic reply"),
    "natural": _("Text"),
    "auto": _("automatic text"),
    "confirmation": _("confirmation"),
    "campaign": _("campaign"),
}
LOOP = _("threadline stopped answering: {count} automatic texts in {minutes} minutes. Is it a machine?")
OWN_NUMBER = _("It came from our own number, so it is never answered automatically.")
UNJUDGED = _("It was not classified.")

# What happened to a conversation

OPTED_OUT = _("They texted “{words}” and are opted out: nothing can be sent to them until they text START.")
OPTED_OUT_BY = _("{name} took this for an opt-out: nothing can be sent to them until they text START.")
OPTED_IN = _("They texted “{words}” and are opted in again.")
DOUBT = _(
    "“{words}” may be a wish to get no more texts ({reason}). "
    "Automatic texts and campaigns to them are stopped until you decide."
)
WAS_NATURAL = _("{name}: this was meant for people. It had been taken for: {kind}.")
WAS_TAKEN_FOR = _("It had been taken for: {kind}. {reason}")
NOT_OPTED_OUT = _("They are not opted out any more.")
OFF_THE_LIST = _("They are off the list “{list}” again.")
UNSUBSCRIBED_AS_BEFORE = _("They are unsubscribed again, as before.")
OPTED_OUT_AS_BEFORE = _("They are opted out again, as before.")
NOT_MEANT = _("{name}: it was not meant as an opt-out. Automatic texts and campaigns go on.")
PROVIDER_BLOCK = _(
    "The provider refuses texts to this person: they opted out there. "
    "To hear from us again they must text START to {number}."
)
CANCELLED_BY_OPT_OUT = _("Not sent, because they opted out: “{words}”")
UNSUBSCRIBED = _("{name} unsubscribed them: no more campaigns and polls. You can still reply here.")
RESUBSCRIBED = _("{name} subscribed them again: they get campaigns and polls.")
RESOLVED = _("Resolved by {name}. Their next text reopens it.")
REOPENED = _("Reopened by {name}.")
ASSIGNED = _("{name} is on it.")
ASSIGNED_BY = _("{name} is on it, asked by {by}.")
OPENED = _("{name} opened this conversation. What you write here is sent as a text.")
OPENED_EXPLICIT = _("{name} opened this conversation. Nothing leaves until you use Send as SMS.")
DISPLAY_ALL = _("{name}: every message is shown here from now on.")
DISPLAY_NATURAL = _("{name}: only messages from person to person are shown here from now on.")
HIDDEN_LINE = _("{when}, {who} ({kind}): {text}")
REMOVED_BY = _("Conversation removed by {name}")
REOPENED_THREAD = _("The earlier thread was deleted by hand. The conversation goes on here.")
MAY_BE_MISSING = _("May already be shown above")
MAY_BE_MISSING_TEXT = _("May already be shown above; repeated so that nothing is lost.")
TOO_OLD = _(
    "Not sent: {name} wrote “{words}” while threadline was down, and that is too long ago "
    "to send it unasked. Write it again to send it."
)
DELETED_TOO_LATE = _(
    "{name} deleted a message here, but the text had already left and cannot be taken back: “{words}”"
)

# What became of a reply

FAILED = _("Not delivered: {reason}")
FAILED_TEXT = _("Not delivered: “{words}”\n{reason}")
NO_REASON = _("the provider gave no reason.")
UNSURE = _("It may or may not have arrived: “{words}”\n{reason}\nSend it again, or leave it?")
WENT_OUT_AFTER_ALL = _("It went out after all: “{words}”")
LEFT_BEFORE_CANCEL = _("It had already left when it was cancelled: “{words}”")
SENDING_AGAIN = _("{name} sends it again: “{words}”")
LEFT_AS_IT_IS = _("Left as it is by {name}.")
CONFIRM = _("This goes as {price}. Send it? “{words}”")
CONFIRMED = _("Sent by {name}: “{words}”")
NOT_CONFIRMED = _("Not sent, cancelled by {name}: “{words}”")

# To one member of staff alone

NOTHING_SENT_HERE = _(
    "Nothing was sent. To answer somebody, write in their thread; to text somebody new, start a conversation."
)
NOTHING_SENT_UNKNOWN = _(
    "Nothing was sent: threadline does not know whose conversation this is. "
    "Answer in their other thread, or start a conversation with them."
)
NOT_A_MEMBER = {
    "stranger": _("Nothing was sent: only members of this organisation can send texts from here."),
    "anonymous": _(
        "Nothing was sent: you are writing anonymously. Turn that off, so that a text has a sender."
    ),
}
NOT_A_MEMBER_PRESS = {
    "stranger": _("Nothing was done: only members of this organisation can do that."),
    "anonymous": _("Nothing was done: you are anonymous here. Turn that off and try again."),
}
REFUSED_OPTED_OUT = _("Not sent: they opted out. They can text START to {number} to hear from us again.")
REFUSED_NAME = _("Not sent: “{sender}” is a name, not a number, and cannot be answered.")
REFUSED_REMOVED = _("This conversation was removed; nothing was sent. Start it anew to text them.")
REFUSED_OTHER_THREAD = _("This thread is closed; nothing was sent. The conversation goes on in a newer one.")
REFUSED_NO_LINE = _("Not sent: the line “{line}” is no longer configured. Ask the operator.")
REFUSED_EMPTY = _("Not sent: nothing is left of it.")
REFUSED_TOO_LONG = _(
    "Not sent: {length} characters are too many for one text; the limit is {limit}. Split it."
)
REFUSED_NO_MEDIA = _("Not sent: this line cannot send pictures or files. Send a link instead.")
REFUSED_MANY_MEDIA = _("Not sent: {count} files are too many for one text; the limit is {limit}.")
REFUSED_BIG_MEDIA = _("Not sent: the files are too large together ({size}); the limit is {limit}.")
REFUSED_MEDIA_TYPE = _("Not sent: {name} ({type}) cannot go in a text. What can: {types}.")
COST = _("This goes as {price}.")
COST_GUILTY = _("This goes as {price}, because “{char}” is not in the plain SMS alphabet.")
MMS_PRICE = _("MMS, {credits} credits")
SEGMENTS_PRICE = _("{segments} segments, {credits} credits")
ONE_CREDIT = _("one SMS, 1 credit")
ALSO_ANSWERING = _(
    "{name} is answering them, too: “{words}”. Delete yours while it is held, if one is enough."
)
ALREADY_SENT = _("Already sent, so the edit changes nothing: they still have the old words.")
NOTE_STAYS = _("That was a note and stays one: nothing was sent. Write a new message to send it.")
CANCELLED_STAYS = _("That message was not sent, and editing it does not send it. Write it again.")
FAILED_STAYS = _("That message did not arrive, and editing it does not send it. Write it again.")

# Presses that come too late or do not fit

STALE = _("That is no longer there. Nothing was done.")
STALE_GONE = _("Nothing was done: this conversation was removed. Their next text opens a new one.")
STALE_SENT = _("It has been sent already. Nothing was done.")
STALE_ON_ITS_WAY = _("It is on its way already. Nothing was done.")
STALE_CANCELLED = _("It was cancelled already. Nothing was sent.")
STALE_LEAVES_BY_ITSELF = _("It leaves by itself in a moment. Nothing was done.")
STALE_NOTE = _("That is a note, and notes never leave. Write it anew to send it.")
STALE_NOT_FAILED = _("It did not fail, so there is nothing to send again.")
STALE_DECIDED = _("Somebody has decided that already. Nothing was done.")
STALE_UNSUBSCRIBED = _("They are unsubscribed already.")
STALE_SUBSCRIBED = _("They are not unsubscribed. Nothing was done.")
STALE_ONLY_START = _("They opted out themselves: only they can come back, by texting START to {number}.")
STALE_ASSIGNED = _("{name} is on it already.")
STALE_RESOLVED = _("It is resolved already.")
STALE_OPEN = _("It is open already.")
STALE_DISPLAY = _("It is shown that way already.")
STALE_NOTHING_HIDDEN = _("Nothing is hidden here.")
STALE_STRAIGHT = _("It is in plain characters already.")
NEEDS_TEXT = _("Nothing was kept: the note was empty.")
NEEDS_THREAD = _("Nothing was done: use it inside a conversation's thread.")
UNKNOWN_ACTION = _("threadline does not know how to do “{action}” here. Nothing was done.")
NOT_A_NUMBER = _(
    "“{raw}” is not a number that can be texted. "
    "Write it like (555) 010-0199, or with its country: +1 555 010 0199."
)
OWN_LINE = _("{number} is one of our own numbers. Nothing was done.")
NO_LINE_HERE = _("No line is shown on this desk, so no conversation can start here. Ask the operator.")
WRONG_LINE = _("There is no line “{line}” on this desk. Nothing was done.")

# Forms and settings

NEEDS_WORDS = _("Write the text.")
NEEDS_NAME = _("Give it a name.")
TOO_LONG = _("That is too long: at most {limit} characters.")
UNKNOWN_SETTING = _("There is no setting “{name}”. There are: {known}.")
WRONG_VALUE = _("{label}: {why}.")
UNKNOWN_FIELD = _(
    "“{field}” is no field. Write fields like {{first_name}} or, with what to say instead, "
    "{{first_name|there}}."
)
WRONG_CHANNEL = _("Choose e-mail or text.")
NO_MAIL_SERVER = _("No mail server is set up. Ask the operator to add one, or choose text.")
NOT_AN_EMAIL = _("“{raw}” is not an e-mail address.")
WRONG_EVERY = _("Write minutes, 0 to 1440; 0 tells you at once.")
NOT_AN_ADMIN = _("Nothing was changed: only an admin of this desk can do that. Ask {admins}.")
NO_ADMIN_KNOWN = _("an admin")
SETTING_CHANGED = _("{label}: {value}. It holds from now on.")
SETTING_NONE = _("none")
UNKNOWN_COLLEAGUE = _("Nobody of that name has done anything here yet, so they have no role to change.")
LAST_ADMIN = _("Nothing was changed: somebody must stay admin of this desk. Make another one admin first.")
ROLE_ADMIN = _("{name} is an admin of this desk now.")
ROLE_AGENT = _("{name} is an agent of this desk now: they answer people, and change no settings.")
NAMED = _("They are called {name} from now on.")
UNNAMED = _("Their name is forgotten; the number is shown.")
TEMPLATE_SAVED = _("The template “{name}” is kept.")
TEMPLATE_REMOVED = _("The template “{name}” is removed.")
TEMPLATE_BACK = _("The template “{name}” is back.")
UNDO = _("Undo")
UNKNOWN_TEMPLATE = _("There is no template “{name}”.")
MISSING_VALUES = _("Not sent: nothing is known for {fields}. Fill it in, or write a fallback: {{{first}|…}}.")
WATCHING = _("New texts are announced to {address} from now on.")
NOT_WATCHING = _("New texts are no longer announced to you that way.")
BLOCKED = _("Blocked by {name}: nothing they text is shown any more. STOP and HELP still work for them.")
UNBLOCKED = _("Unblocked by {name}: what they text is shown again.")
STALE_BLOCKED = _("They are blocked already.")
STALE_NOT_BLOCKED = _("They are not blocked. Nothing was done.")

# Buttons

SEND = _("Send")
SEND_NOW = _("Send now")
WAS_NATURAL_SO = _("A person wrote this")
WAS_OPT_OUT_SO = _("They want no more texts")
WAS_OPT_OUT_CONFIRM = _(
    "They are opted out at once and told so in one text. Nothing can be sent to them until they text START."
)
AFTER_THE_EARLIER_ONE = _("It leaves right after the reply that you wrote before it.")
CANCEL = _("Cancel")
TRY_AGAIN = _("Try again")
SEND_AGAIN = _("Send again")
LEAVE_IT = _("Leave it")
UNSUBSCRIBE = _("Unsubscribe")
NOT_MEANT_SO = _("Not meant so")
SEND_CORRECTION = _("Send a correction")
STRAIGHTEN = _("Use plain characters: {price}")
SHOW_HIDDEN = _("Show {count} hidden messages")
SHOW_HIDDEN_ONE = _("Show 1 hidden message")

# Cards

RESOLVE = _("Resolve")
REOPEN = _("Reopen")
ASSIGN_TO_ME = _("Assign to me")
UNSUBSCRIBE_CONTACT = _("Unsubscribe contact")
UNSUBSCRIBE_CONFIRM = _("They get no more campaigns and polls. You can still reply.")
RESUBSCRIBE_CONTACT = _("Resubscribe contact")
REMOVE = _("Remove conversation")
REMOVE_CONFIRM = _(
    "It leaves this desk. The contact and the history stay; their next text opens a new thread."
)
USE_TEMPLATE = _("Answer with a template")
SHOW_ALL = _("Message display: show all")
SHOW_NATURAL = _("Message display: natural only")
FACT_NUMBER = _("Number")
FACT_SENDER = _("Sender")
FACT_LINE = _("Line")
FACT_SUBSCRIPTION = _("Subscription")
FACT_ASSIGNED = _("On it")
FACT_WAITING = _("Waiting since")
FACT_MODE = _("Mode")
NOBODY = _("nobody yet")
MODE_DIRECT = _("Everything you write here is sent as a text")
MODE_EXPLICIT = _("Nothing leaves until you use Send as SMS")
STATE_OPTED_OUT = _("Opted out since {when}")
STATE_UNSUBSCRIBED = _("Unsubscribed by staff")
STATE_DOUBTED = _("May have opted out: staff must decide")
STATE_SUBSCRIBED = _("Subscribed to {lists}")
STATE_NO_LIST = _("On no list")
CARD_OPTED_OUT = _("Opted out: nothing can be sent")
CARD_NAME = _("The sender is a name, not a number: it cannot be answered")
CARD_BLOCKED = _("Blocked: nothing of theirs is shown")
CARD_DOUBTED = _("May have opted out: automatic texts are stopped until you decide")
CARD_RESOLVED = _("Resolved")

# To the operator

OP_NO_LINE = _("A text came in for line {line}, which is not configured; it is stored and shown nowhere.")
OP_LOOP = _("Stopped answering {number} on line {line}: {count} automatic texts in {minutes} minutes.")
OP_EFFECT_FAILED = _("{what} on {desk} failed: {reason}")
OP_NOT_SHOWN = _("A message could not be shown on {desk}: its thread is gone again and again.")
OP_MAY_NOT_BE_SHOWN = _("A message may not be shown on {desk}: showing it failed again and again.")
OP_AUTO_FAILED = _("An automatic text on line {line} was not delivered: {reason}")
OP_AUTO_UNSURE = _("An automatic text on line {line} may or may not have arrived: {reason}")
OP_WORKS_AGAIN = _("{where} works again; what waited goes out now.")
OP_NOT_HEARD = _(
    "Nothing that staff do in {where} is heard since {since}: {reason}. "
    "What they write there is read when this is over."
)
OP_HEARD_AGAIN = _("What staff do in {where} is heard again.")
OP_STORE_BACK = _("Since {since} the store was not well: {reason}. That is over now.")
OP_NOT_PINNED = _("Who waits is shown in {where}, but cannot be pinned there: {reason}.")
AWAY_SLOW = _("it has asked to slow down for minutes and lets nothing through")
OP_UNREADABLE = _("A signed request for line {line} could not be read; it is kept raw ({digest}).")

# Panels

NOT_FOR_YOU = _("Not here")
NOTHING_HERE = _("Nothing here")
NO_SUCH_COMMAND = _("There is no command “{word}”, so nothing was sent. Try help.")
BELONGS_INTO_A_THREAD = _("“{usage}” belongs into the thread of a conversation. Nothing was done.")
SO = _("So: {usage}")
SAVE = _("Save")
CLOSE = _("Close")
REFRESH = _("Look again")
GO_THERE = _("Go there")
LOOK = _("Details")
CAMPAIGNS = _("Campaigns")
POLLS = _("Polls")
ONLY_IN_CHANNEL = _(
    "That is for those who are in {where}. Nothing was done; ask somebody there to invite you."
)
PANEL_IS_OLD = _("That list is old: give the command again.")
CANNOT_READ = _("That cannot be read just now. Nothing was done; try again in a moment.")
DID_NOT_OPEN = _("It could not be opened in time. Nothing was done; try again.")
STARTING = _("Starting a conversation with {who}.")
CHANGE = _("Change")
BACK = _("Back")
USE = _("Use")
FIELD_PERSON = _("Number or name")
FIELD_TAGS = _("Tags, between commas")
FIELD_ZONE = _("Time zone, where it is not {guess}")
WRONG_ZONE = _("“{raw}” is no time zone. Write it like America/New_York.")
CONTACT_KEPT = _("What you wrote about them is kept.")
FIELD_TEXT = _("Message")
FIELD_NAME = _("Name")
FIELD_CHANNEL = _("How")
FIELD_ADDRESS = _("E-mail address or number; empty: not at all")
FIELD_EVERY = _("Minutes between digests; 0: at once")
FIELD_QUIET = _("Quiet times")
NEW_TITLE = _("New text message")
NEW_TEXT = _("Their thread opens at once. A message leaves after the hold, in which it can be cancelled.")
NEW_START = _("Start")
INBOX_TITLE = _("Inbox")
SORT_WAITING = _("Waiting")
SORT_UNREAD = _("Unread")
SORT_MINE = _("Mine")
SORT_RESOLVED = _("Resolved")
INBOX_NONE = {
    "waiting": _("Nobody is waiting for an answer."),
    "unread": _("Nothing is unread."),
    "mine": _("Nobody is assigned to you."),
    "resolved": _("Nothing is resolved yet."),
}
INBOX_COUNT = {
    "waiting": _("Waiting for an answer: {count}, longest first."),
    "unread": _("With unread texts: {count}, newest first."),
    "mine": _("Assigned to you: {count}, newest first."),
    "resolved": _("Resolved: {count}, newest first."),
}
PAGE_OF = _("Page {page} of {pages}.")
PAGE_BACK = _("Back a page")
PAGE_NEXT = _("Next page")
ROW_WAITING = _("waiting since {when}")
ROW_UNREAD = _("{count} unread")
ROW_ASSIGNED = _("{name} is on it")
FIND_TITLE = _("Find")
FIND_WHAT = _("Write part of a name or number.")
FOUND_NOBODY = _("Nobody is found for “{query}”.")
NEVER_TEXTED = _("never texted before")
TEXT_THEM = _("Text them")
CONTACT_TITLE = _("Contact details")
FACT_SINCE = _("Known since")
BLOCK = _("Block number")
UNBLOCK = _("Unblock number")
BLOCK_CONFIRM = _("Nothing that they text is shown any more, on any desk. STOP and HELP still work for them.")
MESSAGE_TITLE = _("What became of it")
MESSAGE_WHICH = _("Use it as an answer to the message that is meant.")
MESSAGE_UNKNOWN = _("threadline knows no text that this message stands for.")
STORY_RECEIVED = _("Received {when}.")
STORY_KIND = _("Taken for: {kind}. {reason}")
STORY_CORRECTED = _("Corrected by {name}.")
STORY_INTERNAL = _("Written {when} by {name}. It stays inside: it was not sent to anybody.")
STORY_WRITTEN = _("Written {when} by {name}.")
STORY_COST = _("Segments: {segments}. Credits: {credits}.")
STORY_ATTEMPTS = _("Tried {count} times.")
STATES = {
    "held": _("It waits, and can still be changed."),
    "queued": _("It waits for its turn to be sent."),
    "sent": _("The provider has it; whether it arrived is not known yet."),
    "delivered": _("It arrived on their phone."),
    "undelivered": _("It did not arrive."),
    "failed": _("It could not be sent."),
    "cancelled": _("It was cancelled and never sent."),
    "unsure": _("Nobody can say whether it went out."),
    "received": _("Received."),
    "internal": _("It stays inside."),
}
TEMPLATES_TITLE = _("Templates")
TEMPLATES_NONE = _("There are no templates yet.")
TEMPLATES_ALL = _("Texts that are written once and sent often.")
TEMPLATES_PICK = _("The likeliest for their last text come first. Nothing is sent until you press Send.")
TEMPLATE_NEW = _("New template")
TEMPLATE_CHANGE = _("Change template")
TEMPLATE_REMOVE = _("Remove template")
TEMPLATE_REMOVE_CONFIRM = _("Nobody can choose it any more. Save it again to have it back.")
TEMPLATE_FIELDS = _(
    "Fields in braces are filled in: {first_name}, {full_name}, {organisation}. "
    "After a bar stands what to say where nothing is known: {first_name|there}."
)
USE_COST = _("As it stands: {price}.")
USE_MISSING = _("Nothing is known for {fields}: write it in before you send.")
SETTINGS_TITLE = _("Settings")
SETTINGS_TEXT = _("What is in force here. A change holds at once.")
SETTINGS_READ_ONLY = _("What is in force here. Only admins of this desk change it.")
SETTING_TEXT = _("{label} now: {value}")
CHANGES_TITLE = _("Who changed what")
CHANGES_NONE = _("Nothing has been changed: everything is as configured.")
CHANGE_LINE = _("{label}: {before} → {after}")
AS_CONFIGURED = _("as configured")
NOTIFY_TITLE = _("Notifications")
NOTIFY_NOW = _("New texts are announced to {address}, unless you are the one who is answering.")
NOTIFY_OFF = _("You are not told of new texts by e-mail or text.")
NOTIFY_TEST = _("Send a test")
NOTIFY_TEST_TEXT = _("This is a test: new texts will be announced to you like this.")
NOTIFY_TEST_SENT = _("A test is on its way to {address}.")
MAIL_SUBJECT = _("new text from {who}")
MAIL_SUBJECT_MANY = _("{count} people are waiting for an answer")
MAIL_FOOT = _("-- \nAnswer on your desk: replies to this mail reach nobody. Change this under Notifications.")
SMS_ONE = _("{organisation}: new text from {who}.")
SMS_MANY = _("{organisation}: {count} people are waiting for an answer.")
REMINDER = _("Nobody has answered them since {when}.")
REMINDER_TO = _("{name}, they have been waiting for an answer since {when}.")
CHANNEL_EMAIL = _("By e-mail")
CHANNEL_SMS = _("By text")
ROLES_TITLE = _("Who may do what")
ROLES_TEXT = _("Admins change settings, templates and roles, and block numbers. Agents do everything else.")
ROLES_ALL = _("Nobody is named admin, so everybody here is one. Make somebody admin to keep it to them.")
IS_ADMIN = _("admin")
IS_AGENT = _("agent")
MAKE_ADMIN = _("Make admin")
MAKE_AGENT = _("Make agent")
USAGE_TITLE = _("Usage")
USAGE_TEXT = _("One credit is one SMS; an MMS is three. Incoming texts cost none.")
USAGE_MONTH = _("{month}: {came} received, {went} sent, {credits} credits")
USAGE_BUDGET = _("{share} % of the budget of {budget} credits; at 100 % campaigns stop, replies never do")
HELP_TITLE = _("How this works")
HELP_TEXT = _(
    "What you write in a conversation's thread goes to that person as a text message. "
    "Inside stays what begins with // or note:, and what begins by naming a colleague."
)
