"""Against a real mail server: what is refused for good is given up with its words, what passes is tried again."""

import ssl
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from portal.mail import delivery
from portal.models.outbox import Task
from portal.outbox import Job, Undeliverable
from tests.waiting import free_port


class Server:
    """Answers as its test says; keeps what it accepted."""

    def __init__(self, **answers):
        self.answers, self.accepted, self.addresses = answers, [], []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.answers.get("recipient"):
            return answer
        envelope.rcpt_tos.append(address)
        self.addresses.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if answer := self.answers.get("data"):
            return answer
        self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def serve():
    running = []

    def start(handler, **options):
        controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        running.append(controller)
        return controller.port

    yield start
    for controller in running:
        controller.stop()


def job(**payload):
    words = {"to": "ann@example.com", "name": "Ann", "subject": "Grüße", "text": "Hello\n.\nthere\n", "html": "<p>Hello</p>"}
    at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    return Job(1, "abc", Task.MAIL, "x", {**words, **payload}, 1, at)


def smtp(settings, port, **more):
    return settings.model_copy(update={"mail_transport": "smtp", "smtp_host": "127.0.0.1", "smtp_port": port, **more})


def test_arrives_whole(settings, serve):
    server = Server()
    delivery.deliver(job(), smtp(settings, serve(server)))
    (mail,) = server.accepted
    assert mail["Subject"] == "Grüße"
    assert mail["Message-ID"] == "<abc@example.com>"
    assert mail["Date"] == "Fri, 20 Nov 2026 12:00:00 +0000"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Hello\n.\nthere\n"


def test_the_same_row_is_the_same_mail_at_every_try(settings, serve):
    server = Server()
    port = serve(server)
    for _ in range(2):
        delivery.deliver(job(), smtp(settings, port))
    assert server.accepted[0]["Message-ID"] == server.accepted[1]["Message-ID"]


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_refused_for_good(settings, serve, where):
    port = serve(Server(**{where: "550 no such mailbox"}))
    with pytest.raises(Undeliverable, match="550 no such mailbox"):
        delivery.deliver(job(), smtp(settings, port))


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_refused_for_now(settings, serve, where):
    port = serve(Server(**{where: "451 come back later"}))
    with pytest.raises(Exception, match=r"451|come back") as caught:
        delivery.deliver(job(), smtp(settings, port))
    assert not isinstance(caught.value, Undeliverable)


def test_nobody_there(settings):
    with pytest.raises(ConnectionRefusedError):
        delivery.deliver(job(), smtp(settings, free_port()))


def test_international_domains_are_written_as_servers_take_them(settings, serve):
    server = Server()
    delivery.deliver(job(to="ann@bücher.example"), smtp(settings, serve(server)))
    assert server.addresses == ["ann@xn--bcher-kva.example"]


@pytest.fixture
def certificate(tmp_path):
    """A key and a certificate of this server's own."""
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(secret)
    return tmp_path


class Encrypted(Controller):
    """Takes mail only over STARTTLS and from who signs in."""

    def __init__(self, handler, folder, port):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        super().__init__(handler, hostname="127.0.0.1", port=port)

    def factory(self):
        def known(server, session, envelope, mechanism, data):
            right = (data.login, data.password) == (b"portal", b"secret")
            return AuthResult(success=right, handled=right)

        return SMTP(self.handler, require_starttls=True, tls_context=self.context, authenticator=known, auth_required=True)


@pytest.fixture
def encrypted(certificate):
    server = Server()
    controller = Encrypted(server, certificate, free_port())
    controller.start()
    server.port, server.certificate = controller.port, certificate / "cert.pem"
    yield server
    controller.stop()


def signed_in(settings, server, password="secret"):
    from pydantic import SecretStr

    more = {"smtp_host": "localhost", "smtp_tls": True, "smtp_user": "portal", "smtp_password": SecretStr(password)}
    return smtp(settings, server.port, **more)


def test_encrypted_and_signed_in(settings, encrypted, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(encrypted.certificate))
    delivery.deliver(job(), signed_in(settings, encrypted))
    assert len(encrypted.accepted) == 1


def test_a_wrong_password_of_ours_gives_no_mail_up(settings, encrypted, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(encrypted.certificate))
    with pytest.raises(Exception, match=r"535|Authentication") as caught:
        delivery.deliver(job(), signed_in(settings, encrypted, password="wrong"))
    assert not isinstance(caught.value, Undeliverable)


def test_a_server_nobody_vouches_for_gets_nothing(settings, encrypted):
    with pytest.raises(ssl.SSLCertVerificationError):
        delivery.deliver(job(), signed_in(settings, encrypted))
    assert encrypted.accepted == []
