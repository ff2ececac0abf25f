//! `/invite`: where the invited person chooses name and password. Plain HTML, so that it works
//! wherever the console is served from.

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use weir_platform::operations::Operations;

use weir_platform::html;

use crate::{
    Services,
    audit::Change,
    auth::{Actor, Caller, middleware::attempt},
    error::HttpError,
    extract::Query,
};

const PAGE: &str = include_str!("page.html");
const OVER: &str = include_str!("over.html");

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("user")
        .public()
        .get("/invite", show)
        .post("/invite", accept)
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
struct NewUser {
    token: String,
    username: String,
    password: String,
    again: String,
}

async fn show(
    State(app): State<Services>,
    Query(Token { token }): Query<Token>,
) -> Result<Response, HttpError> {
    Ok(match app.invitations.open(&token).await? {
        Some(row) => page(StatusCode::OK, &row.email, &token, "", ""),
        None if token.is_empty() => over(),
        None => attempt("", "by an invitation").on(over()),
    })
}

/// Makes the user, signs in and goes to the console.
async fn accept(
    State(app): State<Services>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
    Form(new): Form<NewUser>,
) -> Result<Response, HttpError> {
    let _alone = app.invitations.accepting.lock().await;
    let Some(row) = app.invitations.open(&new.token).await? else {
        return Ok(attempt("", "by an invitation").on(over()));
    };
    let name = new.username.trim();
    let again = |problem: &str| {
        let status = StatusCode::BAD_REQUEST;
        page(status, &row.email, &new.token, name, problem)
    };
    if new.password != new.again {
        return Ok(again("The two passwords differ."));
    }
    if let Err(failure) = app.auth.add_user(name, row.role, &new.password).await {
        return Ok(again(failure.message()));
    }
    app.invitations
        .accepted(row.id.clone(), name.into())
        .await?;
    let cookie = app.auth.sign_in(name, &headers).await?;
    caller.set(Actor::user(name, row.role));
    let answer = ([(header::SET_COOKIE, cookie)], Redirect::to("./"));
    Ok(Change::made("create", "user", name).on(answer.into_response()))
}

fn page(status: StatusCode, email: &str, token: &str, name: &str, trouble: &str) -> Response {
    let trouble = match trouble {
        "" => String::new(),
        words => format!(
            "<p role=\"alert\" class=\"trouble\">{}</p>",
            html::escaped(words)
        ),
    };
    let page = PAGE
        .replace("{email}", &html::escaped(email))
        .replace("{token}", &html::escaped(token))
        .replace("{name}", &html::escaped(name))
        .replace("{trouble}", &trouble);
    html::page(status, page)
}

fn over() -> Response {
    html::page(StatusCode::NOT_FOUND, OVER.into())
}
