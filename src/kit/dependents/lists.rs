//! What depends on something of a system without a topology: read from the lists of those that
//! name it.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use weir_api::{ApiError, System, request::decode};

use super::{
    super::fetch_all,
    uses::{Use, Users, users},
    words::{Verb, sentence, what},
};
use crate::{
    errors,
    http::{Abort, Endpoint},
};

pub(super) async fn told(
    endpoint: &Endpoint,
    one: &str,
    keys: &[String],
    abort: &Abort,
) -> Vec<String> {
    let asked = users(endpoint.system)
        .iter()
        .filter(|users| users.of.contains(&one));
    let own = match endpoint.system {
        // Addresses of a workspace end with it.
        System::SecMaster => decode(endpoint.base.rsplit('/').next().unwrap_or_default()),
        _ => String::new(),
    };
    let own = own.as_str();
    let told = asked.map(|users| async move {
        match uses(endpoint, users, abort).await {
            Ok(uses) => sentences(users, &uses, (one, keys), own),
            Err(error) => vec![format!(
                "Dependent {} of {} are unknown. {}",
                users.many,
                what(keys),
                errors::words(&error).sentence()
            )],
        }
    });
    join_all(told).await.concat()
}

async fn uses(endpoint: &Endpoint, users: &Users, abort: &Abort) -> Result<Vec<Use>, ApiError> {
    let parts = fetch_all(endpoint, (users.request)(), users.more, abort).await?;
    let mut all = Vec::new();
    for part in &parts {
        all.extend((users.read)(part)?);
    }
    Ok(all)
}

/// `own` is the key of what the connection leads to.
fn sentences(
    users: &Users,
    uses: &[Use],
    (one, keys): (&str, &[String]),
    own: &str,
) -> Vec<String> {
    let mut named = BTreeMap::<Verb, Vec<&str>>::new();
    for used in uses.iter().filter(|used| used.kind == one) {
        let key = match used.key.as_str() {
            "" => own,
            key => key,
        };
        if keys.iter().any(|doomed| doomed == key) {
            named.entry(used.verb).or_default().push(&used.by);
        }
    }
    let second = second_hand(uses, one, keys);
    if !second.is_empty() {
        named.insert(Verb::Follow, second);
    }
    let kind = (users.one, users.many);
    let told = |(verb, names): (Verb, Vec<&str>)| sentence(verb, kind, &names, what(keys));
    named.into_iter().map(told).collect()
}

/// Those that read what others hand on from these.
fn second_hand<'a>(uses: &'a [Use], one: &str, keys: &[String]) -> Vec<&'a str> {
    let reads: Vec<&Use> = uses
        .iter()
        .filter(|used| used.kind == one && used.verb == Verb::Read)
        .collect();
    let mut reached: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut at = 0;
    while let Some(key) = reached.get(at).copied() {
        let onward = reads.iter().filter(|used| used.key == key);
        for next in onward.map(|used| used.onward.as_str()) {
            if !next.is_empty() && !reached.contains(&next) {
                reached.push(next);
            }
        }
        at += 1;
    }
    let further = &reached[keys.len()..];
    let follow = reads.into_iter();
    let follow = follow.filter(|used| further.contains(&used.key.as_str()));
    follow.map(|used| used.by.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that the answers, in the order of the system's users, tell of these.
    fn of(system: System, answers: &[&str], one: &str, keys: &[&str]) -> String {
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let all = users(system).iter().zip(answers).flat_map(|(users, body)| {
            let uses = (users.read)(body.as_bytes()).expect(users.many);
            let told = users.of.contains(&one);
            assert!(uses.iter().all(|used| users.of.contains(&used.kind)));
            match told {
                true => sentences(users, &uses, (one, &keys), "w1"),
                false => Vec::new(),
            }
        });
        all.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn streamings_name_their_template() {
        let body = r#"{"results":[
            {"id":1,"name":"edge","template_id":2,"data_source":"http","endpoint":{}},
            {"id":2,"name":"own","template_model":"{}","data_source":"http","endpoint":{}},
            {"id":3,"name":"waf","template_id":2,"data_source":"waf","endpoint":{}}]}"#;
        let of = |key: &str| of(System::Azion, &[body], "template", &[key]);
        assert_eq!(of("2"), "2 data streamings use it: edge, waf");
        assert_eq!(of("1"), "");
    }

    #[test]
    fn deliveries_read_and_write_pipes_and_pipes_stand_in_spaces() {
        let deliveries = r#"{"data":{"total":2,"data":[
            {"shipper_id":"1","shipper_name":"out",
             "shipper_source":{"workspace":"w1","dataspace":"d1","pipe":"p1"},
             "shipper_destination":{"workspace":"w2","dataspace":"d2","pipe":"p2"}},
            {"shipper_id":"2","shipper_name":"in",
             "shipper_source":{"dataspace":"d1","pipe":"p2"},
             "shipper_destination":{"dataspace":"d1","pipe":"p1"}}]}}"#;
        let pipes =
            r#"{"records":[{"pipe_id":"p1","pipe_name":"logs","dataspace_id":"d1"}],"count":1}"#;
        let spaces = r#"{"records":[{"dataspace_id":"d1","dataspace_name":"space"}],"count":1}"#;
        let of = |one: &str, keys: &[&str]| {
            of(System::SecMaster, &[deliveries, pipes, spaces], one, keys)
        };
        assert_eq!(
            of("pipe", &["p1"]),
            "1 delivery reads it: out; 1 delivery receives rows from it: in; \
             1 delivery writes to it: in"
        );
        assert_eq!(
            of("data space", &["d1"]),
            "2 deliveries read it: out, in; 1 delivery writes to it: in; 1 pipe is in it: logs"
        );
        assert_eq!(
            of("workspace", &["w1"]),
            "2 deliveries read it: out, in; 1 delivery writes to it: in; \
             1 pipe is in it: logs; 1 data space is in it: space"
        );
        assert_eq!(of("workspace", &["w2"]), "1 delivery writes to it: out");
        assert_eq!(of("pipe", &["p9"]), "");
    }

    #[test]
    fn deliveries_further_down_are_told_too_and_circles_end() {
        let delivery = |(name, from, to): (&str, &str, &str)| {
            format!(
                r#"{{"shipper_name":"{name}","shipper_source":{{"pipe":"{from}"}},
                "shipper_destination":{{"pipe":"{to}"}}}}"#
            )
        };
        let all = [
            ("first", "a", "b"),
            ("second", "b", "c"),
            ("third", "c", "a"),
            ("other", "x", "y"),
        ];
        let body = format!(
            r#"{{"data":{{"total":4,"data":[{}]}}}}"#,
            all.map(delivery).join(",")
        );
        assert_eq!(
            of(System::SecMaster, &[body.as_str()], "pipe", &["a"]),
            "1 delivery reads it: first; 2 deliveries receive rows from it: second, third; \
             1 delivery writes to it: third"
        );
        assert_eq!(
            of(System::SecMaster, &[body.as_str()], "pipe", &["y"]),
            "1 delivery writes to it: other"
        );
    }

    #[test]
    fn apis_stand_in_groups_and_folders_and_workspaces_call_them() {
        let apis = r#"{"Data":{"PageNumber":1,"PageSize":10,"TotalCount":2,"Apis":[
            {"ApiId":7,"ApiName":"orders","GroupId":"g1","FolderId":3},
            {"ApiId":8,"ApiName":"users","GroupId":"g1","FolderId":0}]}}"#;
        let folders = r#"{"FolderPagingResult":{"PageNumber":1,"PageSize":10,"TotalCount":2,"Folders":[
            {"FolderId":3,"FolderName":"shop","GroupId":"g1","ParentId":0},
            {"FolderId":4,"FolderName":"old","GroupId":"g1","ParentId":3}]}}"#;
        let granted = r#"{"Data":{"PageNumber":1,"PageSize":10,"TotalCount":2,"ApiAuthorizationList":[
            {"ApiId":7,"GroupId":"g1","AuthorizationRecords":[{"ProjectId":11},{"ProjectId":12}]},
            {"ApiId":8,"GroupId":"g1","AuthorizationRecords":[{"ProjectId":11}]}]}}"#;
        let of =
            |one: &str, key: &str| of(System::DataWorks, &[apis, folders, granted], one, &[key]);
        assert_eq!(of("API", "7"), "2 workspaces can call it: 11, 12");
        assert_eq!(
            of("API folder", "3"),
            "1 API is in it: orders; 1 API folder is in it: old"
        );
        assert_eq!(
            of("API group", "g1"),
            "2 APIs are in it: orders, users; 2 API folders are in it: shop, old; \
             2 workspaces can call it: 11, 12"
        );
    }
}
