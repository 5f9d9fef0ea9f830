//! What the vendor's refusals of a key tell its owner. Messages change, so their words are hints and no more.

/// How much of a message is searched for hints, in characters.
const HINTED: usize = 200;

/// Whether a refusal of the key is about the address that it was used from. The vendor has no code of its own for that.
pub(super) fn is_ip_refusal(code: i64, message: &str) -> bool {
    if !matches!(code, 401 | 403) {
        return false;
    }
    let start: String = message.chars().take(HINTED).flat_map(char::to_lowercase).collect();
    let lists = ["whitelist", "white list", "allowlist", "allow list", "白名单"];
    lists.iter().any(|list| start.contains(list))
        || start.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "ip")
}

/// What the owner of the key can do, where the code or the message tells it.
pub(super) fn advice(code: i64, message: &str) -> &'static str {
    if is_ip_refusal(code, message) {
        " (the key has a list of ip addresses that may use it: see the keys at kie.ai)"
    } else if code == 433 {
        " (the key has a limit of its own: see the keys at kie.ai)"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Error, IP_REFUSED, KEY_LIMIT};
    use super::*;

    #[test]
    fn a_list_of_addresses_and_a_limit_of_the_key_name_themselves() {
        let api = |code, message: &str| Error::Api { code, message: message.into(), retry_after: None, task: None };
        for message in
            ["IP not in whitelist", "Your IP 10.0.0.7 is not allowed", "not on the allowlist", "IP不在白名单"]
        {
            let error = api(403, message);
            assert!(error.is_ip_refused() && error.is_auth() && error.is_key_refused(), "{message}");
            assert_eq!((error.code(), error.to_failure().code), (IP_REFUSED.into(), IP_REFUSED.into()));
            assert!(
                error
                    .to_string()
                    .ends_with("(the key has a list of ip addresses that may use it: see the keys at kie.ai)")
            );
            assert!(!api(422, message).is_ip_refused(), "a refusal of the input");
        }
        for message in ["You do not have access permissions", "script tip zip", &format!("{} ip", "x".repeat(HINTED))] {
            assert!(!api(401, message).is_ip_refused(), "{message}");
        }
        assert!(api(433, "limit").is_key_limit() && !api(402, "limit").is_key_limit());
        assert_eq!(api(433, "limit").code(), KEY_LIMIT);
    }
}
