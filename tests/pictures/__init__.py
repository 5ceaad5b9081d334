"""Pictures of the desks in Slack and Telegram for docs/operators: `make pictures`."""
