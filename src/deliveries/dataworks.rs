//! Data service APIs of DataWorks: they deliver on request.

use weir_api::{
    ApiError,
    dataworks::{
        Paging,
        answer::part,
        api::{self, Api, Details, Filter},
        codes::{self, MODES, PUBLISHED, STATES},
    },
};

use super::model::{Act, Delivery, Figures, Kind};
use crate::ui::Tone;

pub const KINDS: &[Kind] = &[Kind {
    word: "Data API",
    request: || api::list(&Filter::default(), Paging::first()),
    more: |_, answer| {
        part(api::listed(answer), |next| {
            api::list(&Filter::default(), next)
        })
    },
    read,
    figures: None,
    read_figures: |_| Figures::default(),
}];

fn read(body: &[u8]) -> Result<Vec<Delivery>, ApiError> {
    Ok(api::listed(body)?.items.into_iter().map(delivery).collect())
}

fn delivery(api: Api) -> Delivery {
    let published = api.status == PUBLISHED;
    let act = match published {
        true => Act {
            verb: "Unpublish",
            question: "Callers receive an error.",
            request: api::abolish(api.api_id),
        },
        false => Act {
            verb: "Publish",
            question: "",
            request: api::publish(api.api_id),
        },
    };
    let from = match api.details() {
        Some(Details::Wizard(wizard)) => wizard.wizard_connection.table_name,
        Some(Details::Registration(registration)) => registration.service_host,
        _ => String::new(),
    };
    let mode = codes::word(MODES, api.api_mode);
    Delivery {
        key: api.api_id.to_string(),
        name: api.api_name,
        kind: "Data API",
        from: match from.as_str() {
            "" => mode,
            from => format!("{mode}: {from}"),
        },
        to: api.api_path,
        tone: if published { Tone::Good } else { Tone::Neutral },
        state: codes::word(STATES, api.status).to_lowercase(),
        error: String::new(),
        throughput: None,
        segment: "data-apis",
        act: Some(act),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_comes_in_parts_is_asked_for_to_its_end() {
        let part = |number: u32| {
            format!(
                r#"{{"Success":true,"Data":{{"Apis":[{{"ApiId":7,"ApiName":"orders","ApiPath":"/orders","Status":1}}],"PageNumber":{number},"PageSize":1,"TotalCount":2}}}}"#
            )
        };
        let all = read(part(1).as_bytes()).expect("APIs");
        assert_eq!((all[0].key.as_str(), all[0].to.as_str()), ("7", "/orders"));
        assert_eq!(all[0].act.as_ref().expect("act").verb, "Unpublish");
        let more = KINDS[0].more;
        let asked = (KINDS[0].request)();
        let next = more(&asked, part(1).as_bytes()).next;
        let next = next.expect("a second part");
        let form = next.body.map(|body| body.bytes).unwrap_or_default();
        let form = String::from_utf8_lossy(&form).into_owned();
        assert!(form.contains("PageNumber=2"), "{form}");
        assert_eq!(more(&asked, part(2).as_bytes()).next, None);
    }
}
