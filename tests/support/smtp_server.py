"""A mail server for tests: prints a line of JSON when it listens, and one for each message.

Arguments: port, certificate and key ('' for none), "starttls" | "ssl" | "plain", user and password ('' for none).
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

certificate, key, mode, user, password = sys.argv[1:6]
connections = 0


def say(**what):
    print(json.dumps(what), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('refused'):
            return '550 no such user'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        say(
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            content=envelope.content.decode('latin1'),
            encrypted=session.ssl is not None or mode == 'ssl',
            user=session.auth_data.login.decode() if session.auth_data else None,
            connection=connections,
            host=session.host_name,
        )
        return '250 OK'


def authenticate(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
    return AuthResult(success=known, handled=False, auth_data=data)


async def main():
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)

    def make():
        global connections
        connections += 1
        return SMTP(
            Handler(),
            enable_SMTPUTF8=False,
            tls_context=context if mode == 'starttls' else None,
            require_starttls=mode == 'starttls',
            auth_required=bool(user),
            auth_require_tls=False,
            authenticator=authenticate,
        )

    server = await asyncio.get_running_loop().create_server(
        make, '127.0.0.1', 0, ssl=context if mode == 'ssl' else None
    )
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
