"""A mail server for tests: tells its port, then one JSON line for each letter it has taken.

What stands before the @ of a recipient decides: `refused` gets 550, `later` 451 the first time, `dropped` loses the
connection the first time; `slow` waits half a minute for its answer the first time, of which a line tells; the letter of
`lost` is taken, and the connection lost before the answer, the first time; `busy` gets 421, `moved` 521 and `stranger`
530 each time, the letter of `full` 421; everybody else is served. The sender `barred` is refused whoever gets the letter.
"""

import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


ALWAYS = {"busy": "421 closing", "moved": "521 no mail here", "stranger": "530 sign in first"}


def tell(**what):
    print(json.dumps(what), flush=True)


def kind_of(address):
    return address.split("@")[0].split("+")[0].split(".")[0]


class Box:
    def __init__(self):
        self.seen = set()

    def first_time(self, address):
        known = address in self.seen
        self.seen.add(address)
        return not known

    async def handle_MAIL(self, server, session, envelope, address, options):
        if kind_of(address) == "barred":
            return f"553 <{address}> may not send here"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        kind = kind_of(address)
        if kind == "refused":
            return f"550 no such user <{address}>"
        if kind in ALWAYS:
            return ALWAYS[kind]
        if kind == "later" and self.first_time(address):
            return f"451 <{address}> come back later"
        if kind == "dropped" and self.first_time(address):
            server.transport.abort()
            return "421 gone"
        if kind == "slow" and self.first_time(address):
            tell(waits=address)
            await asyncio.sleep(30)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(kind_of(address) == "full" for address in envelope.rcpt_tos):
            return "421 closing"
        body = base64.b64encode(envelope.content).decode()
        tls = session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None
        tell(sender=envelope.mail_from, recipients=envelope.rcpt_tos, body=body, tls=tls)
        if any(kind_of(address) == "lost" and self.first_time(address) for address in envelope.rcpt_tos):
            server.transport.abort()
            return "421 gone"
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (b"bordereau", b"letters")
    return AuthResult(success=good, handled=False)


async def main():
    context = None
    if len(sys.argv) > 2:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    box = Box()
    wrapped = len(sys.argv) > 3

    def session():
        if context is None:
            return SMTP(box, hostname="localhost")
        if wrapped:
            return SMTP(
                box, hostname="localhost", authenticator=authenticate, auth_required=True, auth_require_tls=False
            )
        return SMTP(
            box,
            hostname="localhost",
            tls_context=context,
            require_starttls=True,
            authenticator=authenticate,
            auth_required=True,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=context if wrapped else None)
    tell(port=server.sockets[0].getsockname()[1])
    # The harness ends the server by closing its standard input.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
