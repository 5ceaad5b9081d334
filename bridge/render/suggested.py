"""Templates that come with threadline: the organisation's own from the first day, to change or remove."""

from typing import Final

from bridge.render.language import gettext as _

SUGGESTED: Final = {
    _("Thank you"): _("Hi {first_name|there}, thank you for your message. We answer as soon as we can."),
    _("More details"): _("Hi {first_name|there}, could you tell us a little more, so that we can help you?"),
    _("Call you back"): _("Hi {first_name|there}, when is a good time to call you, and on which number?"),
    _("Opening hours"): _("Hi {first_name|there}, {organisation} is open Monday to Friday, 9 am to 5 pm."),
    _("Appointment"): _("Hi {first_name|there}, which day and time would suit you for an appointment?"),
    _("Where we are"): _("Hi {first_name|there}, you find us at our office. Tell us if you need directions."),
    _("All settled"): _(
        "Hi {first_name|there}, that is settled now. Text us any time if you need anything else."
    ),
    _("Emergency"): _("If this is an emergency, please call 911 now. We read texts, but not at every hour."),
}
