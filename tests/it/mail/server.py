"""A real SMTP server on loopback that plays what a test tells it, slips included.

    server.py FOLDER CERTIFICATE KEY

`play.json` in FOLDER says for each connection how to behave: {"tls": "starttls"|"smtps"|"none",
"rcpt": {"address": "550 no such user"}, "mail": "...", "data": "...", "login": true, "slow": 5,
"cut": true}. The port is written to `port` as soon as it listens; every message that the server
took goes to `NNN.json` with its envelope and to `NNN.eml`, and every connection adds a line to
`connections`. The login is recon@example.com with the password s3cret-p/w.
"""

import asyncio
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

FOLDER, CERTIFICATE, KEY = (pathlib.Path(word) for word in sys.argv[1:4])
USER, PASSWORD = b"recon@example.com", b"s3cret-p/w"


def play():
    return json.loads((FOLDER / "play.json").read_text())


class Handler:
    def __init__(self):
        self.taken = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "mail" in play():
            return play()["mail"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = play().get("rcpt", {}).get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        now = play()
        if "slow" in now:
            await asyncio.sleep(now["slow"])
        if "data" in now:
            return now["data"]
        self.taken += 1
        (FOLDER / f"{self.taken:03}.eml").write_bytes(envelope.original_content)
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or now.get("tls") == "smtps",
            "login": session.authenticated,
        }
        (FOLDER / f"{self.taken:03}.json").write_text(json.dumps(facts))
        if now.get("cut"):
            server.transport.abort()
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (USER, PASSWORD) and play().get("login", True)
    if not good:
        # A careless server repeats what it was told.
        said = data.password.decode(errors="replace")
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 not with {said}")
    return AuthResult(success=True)


HANDLER = Handler()


def serve():
    with open(FOLDER / "connections", "a") as log:
        log.write("1\n")
    secret = play().get("tls", "starttls")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, KEY)
    login = secret != "none"
    return SMTP(
        HANDLER,
        hostname="localhost",
        tls_context=context if secret == "starttls" else None,
        require_starttls=secret == "starttls",
        auth_require_tls=secret == "starttls",
        auth_required=login,
        authenticator=authenticate,
    )


async def main():
    context = None
    if play().get("tls") == "smtps":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE, KEY)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    (FOLDER / "port.new").write_text(str(port))
    (FOLDER / "port.new").rename(FOLDER / "port")
    await server.serve_forever()


asyncio.run(main())
