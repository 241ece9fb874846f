"""Where the internet lies behind a proxy: everything goes that way, but for what is on this machine."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.commands.check import checkup
from bot.views.operator import CheckFact
from tests.journeys.stage import Stage, is_report
from tests.proxy import LoopbackProxy, tls_before

TELEGRAM = "telegram.test"
AILAB = "ailab.test"


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


async def test_a_selfie_goes_through_proxies_and_check_speaks_over_the_same(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CONNECT with TLS by the machine's own certificates to one side, plain to the other; with name and password."""
    certificate = certificate_for(TELEGRAM, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    shield = await tls_before(port_of(stage.telegram.url), certificate)
    routes = {TELEGRAM: shield.sockets[0].getsockname()[1], AILAB: port_of(stage.ailab.url)}
    async with LoopbackProxy(routes=routes) as proxy:
        stage.settings = {
            "TELEGRAM_API_URL": f"https://{TELEGRAM}",
            "AILAB_API_URL": f"http://{AILAB}",
            "HTTPS_PROXY": proxy.url,
            "HTTP_PROXY": proxy.url.removeprefix("http://"),
        }
        lines = await checkup(stage.config)
        assert {line.fact: line.good for line in lines}.items() >= {
            CheckFact.TOKEN_GOOD: True,
            CheckFact.KEY_GOOD: True,
        }.items()
        asked_by_check = list(proxy.asked)
        async with stage.running():
            ada = await stage.consenting()
            assert is_report(ada.last)
    shield.close()
    assert f"CONNECT {TELEGRAM}:443" in asked_by_check
    assert f"GET http://{AILAB}/api/common/query-credits" in asked_by_check
    assert f"POST http://{AILAB}/api/portrait/analysis/skin-analysis-advanced" in proxy.asked
    assert proxy.asked.count(f"CONNECT {TELEGRAM}:443") > asked_by_check.count(f"CONNECT {TELEGRAM}:443")
    assert proxy.names == {"Proxy-Authorization: Basic bWU6cGFzcy13b3Jk"}


async def test_what_is_on_this_machine_needs_no_proxy(stage: Stage) -> None:
    """As the local chat: a proxy elsewhere would look for it on its own machine."""
    async with LoopbackProxy(routes={}) as proxy:
        stage.settings = {"HTTPS_PROXY": proxy.url, "HTTP_PROXY": proxy.url}
        async with stage.running():
            ada = await stage.consenting()
            assert is_report(ada.last)
        assert proxy.asked == []


def certificate_for(name: str, folder: Path) -> ssl.SSLContext:
    """For a server of that name; `certificate.pem` in the folder is what has to be trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
