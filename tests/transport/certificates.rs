//! Certificates made for a test, each gone with it.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::{
    ServerConfig, SupportedProtocolVersion,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    version::{TLS12, TLS13},
};

use super::{
    scripted::{
        Server,
        script::{Armour, Goodbye, Handshake, Turn},
    },
    stand::Stand,
};
use mantal::config::{TlsPin, Transport as Way};

pub struct Leaf {
    pub certificate: CertificateDer<'static>,
    key: KeyPair,
    pem: String,
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Whom the stands trust.
pub static AUTHORITY: LazyLock<CertifiedIssuer<'static, KeyPair>> = LazyLock::new(|| authority("ours"));
/// Whom nobody trusts.
pub static STRANGER: LazyLock<CertifiedIssuer<'static, KeyPair>> = LazyLock::new(|| authority("a stranger"));

pub fn params(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

impl Leaf {
    pub fn signed(params: &CertificateParams, issuer: &CertifiedIssuer<'static, KeyPair>) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let certificate = params.signed_by(&key, issuer).unwrap();
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    /// For this machine, and good.
    pub fn good() -> Self {
        Self::signed(&params("127.0.0.1"), &AUTHORITY)
    }

    /// Its own authority, as a tool makes it by default.
    pub fn self_signed() -> Self {
        let mut params = params("other.example.se");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    /// As `spar.server.tls_pin` has it.
    pub fn pin(&self) -> String {
        use sha2::{Digest, Sha256};
        TlsPin::new(Sha256::digest(&self.certificate).into()).to_string()
    }

    pub fn config(&self) -> Arc<ServerConfig> {
        self.config_of(&[&TLS13, &TLS12])
    }

    pub fn config_of(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        self.config_with_key(versions, &self.key)
    }

    /// With a key that is not the certificate's: what a thief of the certificate alone could do.
    pub fn config_of_a_thief(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(Self::good().key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let signer = provider.key_provider.load_private_key(key).unwrap();
        let stolen = rustls::sign::CertifiedKey::new(vec![self.certificate.clone()], signer);
        let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13, &TLS12]);
        let resolver = rustls::sign::SingleCertAndKey::from(stolen);
        Arc::new(config.unwrap().with_no_client_auth().with_cert_resolver(Arc::new(resolver)))
    }

    fn config_with_key(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        key: &KeyPair,
    ) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(vec![self.certificate.clone()], key).unwrap())
    }

    /// `cert.pem` and `key.pem` in this folder.
    pub fn write(&self, folder: &Path) {
        std::fs::write(folder.join("cert.pem"), &self.pem).unwrap();
        std::fs::write(folder.join("key.pem"), self.key.serialize_pem()).unwrap();
    }
}

/// Honest TLS with this certificate.
pub fn armour(leaf: &Leaf, turn: Turn) -> Armour {
    let (control, data) = (leaf.config(), Some(leaf.config()));
    Armour { control, data, turn, handshake: Handshake::Honest, goodbye: Goodbye::Said }
}

/// The scripted server, spoken to in the way that it turns to TLS.
pub fn trusting(mut server: Server) -> Server {
    server.stand = secured(server.stand, Way::Ftps);
    server
}

/// The same server, spoken to under TLS and held against the authority of the tests.
pub fn secured(mut stand: Stand, way: Way) -> Stand {
    let ca = stand.path("ca.pem");
    std::fs::write(&ca, AUTHORITY.pem()).unwrap();
    stand.settings.transport = way;
    stand.settings.tls_ca = Some(ca);
    stand
}
