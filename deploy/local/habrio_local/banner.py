"""What `make run` says when everything is up: where it is, who to be, and what to try."""

from __future__ import annotations

from habrio_local import demo_data
from habrio_local.console import Console
from habrio_local.options import DEMO_ADMIN_PHONE, Options

GREEN = 32
JSON = "-H 'Content-Type: application/json'"


def show(console: Console, url: str, options: Options, seconds: float, *, detached: bool) -> None:
    """`seconds`: how long the start took."""
    console.say()
    console.say(console.paint(f"Habrio is ready at {url}", GREEN) + f"   ({seconds:.1f} s; documentation: {url}/docs/)")
    if options.has_demo:
        phone = demo_data.CONSUMER_PHONE
        console.say()
        admin = options.admin_phone or DEMO_ADMIN_PHONE
        body, code = f'{{"phone": "{phone}"}}', f'{{"phone": "{phone}", "otp": "…"}}'
        console.say(f"  consumer {phone}   vendor {demo_data.VENDOR_PHONE}   administrator {admin}")
        console.say("  Sign in with a one-time password:")
        console.say(f"    curl -s {url}/api/v1/send-otp {JSON} -d '{body}'")
        console.say(f"    curl -s {url}/test_support/otp/{phone}")
        console.say(f"    curl -s {url}/api/v1/verify-otp {JSON} -d '{code}'")
        console.say("  Then, with the access_token of that answer:")
        console.say(f"    curl -s {url}/api/v1/consumer/shops -H 'Authorization: Bearer …'")
    console.say()
    end = "`make stop` ends it" if detached else "Ctrl-C ends it"
    console.say(
        f"  The whole journey of an order: make smoke   ·   all log lines: make logs   ·   {end}; the data stays."
    )
    console.say()
