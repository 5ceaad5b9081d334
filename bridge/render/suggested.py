"""Templates that come with threadline: the organisation's own from the first day, to change or remove."""

from typing import Final

SUGGESTED: Final = {
    "Thank you": "Hi {first_name|there}, thank you for your message. We answer as soon as we can.",
    "More details": "Hi {first_name|there}, could you tell us a little more, so that we can help you?",
    "Call you back": "Hi {first_name|there}, when is a good time to call you, and on which number?",
    "Opening hours": "Hi {first_name|there}, {organisation} is open Monday to Friday, 9 am to 5 pm.",
    "Appointment": "Hi {first_name|there}, which day and time would suit you for an appointment?",
    "Where we are": "Hi {first_name|there}, you find us at our office. Tell us if you need directions.",
    "All settled": "Hi {first_name|there}, that is settled now. Text us any time if you need anything else.",
    "Emergency": "If this is an emergency, please call 911 now. We read texts, but not at every hour.",
}
