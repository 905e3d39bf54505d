use super::*;

const ONE: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIA0qn9KQRwAFJxXXcAO+vorqdidL8wrqaDSKG//DedoL";
const OTHER: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIAtslSRG1hpYknkR5A/+4YKkpt719c9zuWuDIZDFnnqh";

fn standing(file: &str, host: &str, port: u16) -> Standing {
    let mut known = Known::default();
    known.read(file, host, port);
    known.standing(&parse_public_key_base64(ONE).unwrap())
}

/// Against a host on the usual port; `{one}` and `{other}` are keys.
fn of(file: &str) -> Standing {
    let file = file.replace("{one}", ONE).replace("{other}", OTHER);
    standing(&file, "sftp.example.se", 22)
}

#[test]
fn a_key_is_known_only_where_a_line_for_this_very_host_has_it() {
    let rows = [
        ("sftp.example.se ssh-ed25519 {one}", Standing::Known),
        ("sftp.example.se ssh-ed25519 {one} a comment of many words", Standing::Known),
        ("\tsftp.example.se\tssh-ed25519\t{one}", Standing::Known),
        ("SFTP.Example.SE ssh-ed25519 {one}", Standing::Known),
        ("other.se,sftp.example.se,192.0.2.7 ssh-ed25519 {one}", Standing::Known),
        ("*.example.se ssh-ed25519 {one}", Standing::Known),
        ("sft?.example.* ssh-ed25519 {one}", Standing::Known),
        ("* ssh-ed25519 {one}", Standing::Known),
        // Several keys and kinds for one host: each of them is good.
        ("sftp.example.se ssh-ed25519 {other}\nsftp.example.se ssh-ed25519 {one}", Standing::Known),
        // Another key than the known.
        ("sftp.example.se ssh-ed25519 {other}", Standing::Other),
        // Another host.
        ("example.se ssh-ed25519 {one}", Standing::Stranger),
        ("xsftp.example.se ssh-ed25519 {one}", Standing::Stranger),
        ("sftp.example.se.evil.org ssh-ed25519 {one}", Standing::Stranger),
        ("*.example.se.org ssh-ed25519 {one}", Standing::Stranger),
        // The same host on another port is another server.
        ("[sftp.example.se]:2222 ssh-ed25519 {one}", Standing::Stranger),
        // Excluded, before and after what would mean it.
        ("!sftp.example.se,*.example.se ssh-ed25519 {one}", Standing::Stranger),
        ("*.example.se,!sftp.* ssh-ed25519 {one}", Standing::Stranger),
        ("!other.example.se ssh-ed25519 {one}", Standing::Stranger),
        // Revoked, wherever the line stands.
        ("@revoked * ssh-ed25519 {one}\nsftp.example.se ssh-ed25519 {one}", Standing::Revoked),
        ("sftp.example.se ssh-ed25519 {one}\n@revoked *.example.se ssh-ed25519 {one}", Standing::Revoked),
        ("@revoked other.se ssh-ed25519 {one}", Standing::Stranger),
        // Authorities and markers that we don't know make nothing known.
        ("@cert-authority * ssh-ed25519 {one}", Standing::Stranger),
        ("@unheard * ssh-ed25519 {one}", Standing::Stranger),
        // Comments and lines that can't be read.
        ("# sftp.example.se ssh-ed25519 {one}", Standing::Stranger),
        ("sftp.example.se ssh-ed25519", Standing::Stranger),
        ("sftp.example.se ssh-ed25519 AAAA!", Standing::Stranger),
        ("sftp.example.se\n\n\u{fffd}\n@revoked", Standing::Stranger),
        ("", Standing::Stranger),
    ];
    for (file, expected) in rows {
        assert_eq!(of(file), expected, "{file}");
    }
}

#[test]
fn hashed_names_of_ssh_keygen_are_understood() {
    let usual = "|1|GFYL/8z4++elASOEr/IqtliLXic=|NXCXOWcXl4aXvnwZJcsMLYv1Svk= ssh-ed25519 {one}";
    let other_port = "|1|stDz6NwQrQyYz9iysngLOLjdUr8=|USoAtGAD+yBKheZ5dG6i601Urw8= ssh-ed25519 {one}";
    assert_eq!(of(usual), Standing::Known);
    assert_eq!(of(other_port), Standing::Stranger);
    let file = other_port.replace("{one}", ONE);
    assert_eq!(standing(&file, "sftp.example.se", 2222), Standing::Known);
    assert_eq!(standing(&file, "sftp.example.se", 2223), Standing::Stranger);
    for broken in ["|1|", "|1|x", "|1|x|y", "|1||", "|2|GFYL/8z4++elASOEr/IqtliLXic=|NXCX"] {
        assert_eq!(of(&format!("{broken} ssh-ed25519 {{one}}")), Standing::Stranger, "{broken}");
    }
}

#[test]
fn a_port_of_its_own_stands_in_brackets() {
    let file = format!(
        "[sftp.example.se]:2222,[192.0.2.7]:2222 ssh-ed25519 {ONE}\n[*.local]:22?? ssh-ed25519 {ONE}"
    );
    assert_eq!(standing(&file, "192.0.2.7", 2222), Standing::Known);
    assert_eq!(standing(&file, "here.local", 2299), Standing::Known);
    assert_eq!(standing(&file, "192.0.2.7", 22), Standing::Stranger);
}

#[test]
fn a_pattern_of_many_stars_ends_at_once() {
    let pattern = "*a".repeat(200);
    assert!(!fits(&pattern, &"a".repeat(199)));
    assert!(fits(&pattern, &"ba".repeat(400)));
}

#[test]
fn authorities_are_counted() {
    let mut known = Known::default();
    known.read(&format!("@cert-authority *.se ssh-ed25519 {ONE}\n@cert-authority *.no x y"), "a.se", 22);
    assert_eq!((known.authorities(), known.keys().len()), (1, 0));
}
