//! The only place that talks to the network.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::{Headers, Request, RequestBuilder, Response};
use js_sys::Uint8Array;
use leptos::prelude::set_timeout;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, EventSource, MessageEvent, ReadableStreamDefaultReader};
use weir_api::{
    ApiError, ApiRequest, Method, System,
    auth::{Credential, Moment},
};

/// Where calls go and who makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub system: System,
    /// For example `http://127.0.0.1:8000/default/api`, or a path of this page's own origin.
    pub base: String,
    /// What signatures are made for, where a relay stands between.
    pub signed_base: Option<String>,
    /// Parameters of every call.
    pub common: Vec<(&'static str, String)>,
    pub credential: Credential,
}

impl Endpoint {
    /// The request as it goes out, with what proves the caller.
    fn complete(&self, mut request: ApiRequest) -> ApiRequest {
        for (name, value) in &self.common {
            if request.query.iter().all(|(given, _)| given != name) {
                request.query.push(((*name).into(), value.clone()));
            }
        }
        let moment = Moment {
            at_ms: js_sys::Date::now() as i64,
            nonce: nonce(),
        };
        let base = self.signed_base.as_ref().unwrap_or(&self.base);
        self.credential.sign(&absolute(base), request, &moment)
    }
}

/// Signatures name the host.
fn absolute(base: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    match (base.starts_with('/') || base.is_empty(), origin) {
        (true, Some(origin)) => format!("{origin}{base}"),
        _ => base.into(),
    }
}

/// 32 hexadecimal digits.
fn nonce() -> String {
    let four = (0..4).map(|_| (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    four.map(|number| format!("{number:08x}")).collect()
}

/// Told of the outcome of every call.
type Observer = Box<dyn Fn(&Endpoint, Result<(), &ApiError>)>;

thread_local! {
    static OBSERVER: RefCell<Option<Observer>> = const { RefCell::new(None) };
}

/// Once in the application: this is how it notices a lost server and a session that ended.
pub fn observe(observer: impl Fn(&Endpoint, Result<(), &ApiError>) + 'static) {
    OBSERVER.with(|slot| *slot.borrow_mut() = Some(Box::new(observer)));
}

/// Told when a call waits because the system wants to be called less, with the seconds until it is
/// sent again, and when it waits no more.
type OnPause = Box<dyn Fn(&Endpoint, Option<u32>)>;

thread_local! {
    static ON_PAUSE: RefCell<Option<OnPause>> = const { RefCell::new(None) };
}

/// Once in the application: this is how pages say that calls wait.
pub fn observe_pauses(observer: impl Fn(&Endpoint, Option<u32>) + 'static) {
    ON_PAUSE.with(|slot| *slot.borrow_mut() = Some(Box::new(observer)));
}

fn tell_pause(endpoint: &Endpoint, seconds: Option<u32>) {
    ON_PAUSE.with(|slot| {
        if let Some(observer) = &*slot.borrow() {
            observer(endpoint, seconds);
        }
    });
}

/// Seconds before a call that was refused for coming too often is sent again.
const PAUSES: [u32; 5] = [1, 2, 4, 8, 16];

/// Waits.
pub async fn pause(duration: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            },
            duration,
        );
    });
    let _ = JsFuture::from(promise).await;
}

fn report<T>(endpoint: &Endpoint, outcome: &Result<T, ApiError>) {
    OBSERVER.with(|slot| {
        if let Some(observer) = &*slot.borrow() {
            observer(endpoint, outcome.as_ref().map(|_| ()));
        }
    });
}

/// Ends what it stands for when dropped or asked to.
pub struct Abort {
    controller: AbortController,
    aborted: Rc<Cell<bool>>,
}

impl Abort {
    pub fn new() -> Result<Self, ApiError> {
        Ok(Self {
            controller: AbortController::new().map_err(network)?,
            aborted: Rc::default(),
        })
    }

    pub fn abort(&self) {
        self.aborted.set(true);
        self.controller.abort();
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.abort();
    }
}

/// Sends a call and returns the body of an answer in 200–299.
pub async fn send(endpoint: &Endpoint, request: ApiRequest) -> Result<Vec<u8>, ApiError> {
    let outcome = match start(endpoint, request, None).await {
        Ok(response) => response.binary().await.map_err(failed),
        Err(error) => Err(error),
    };
    let outcome = outcome.and_then(|body| accepted(endpoint, body));
    report(endpoint, &outcome);
    outcome
}

/// Like [`send`], with a header of the answer. Another origin has to expose it.
pub async fn send_for_header(
    endpoint: &Endpoint,
    request: ApiRequest,
    header: &str,
) -> Result<(Option<String>, Vec<u8>), ApiError> {
    let outcome = start(endpoint, request, None).await;
    report(endpoint, &outcome);
    let response = outcome?;
    let value = response.headers().get(header);
    Ok((value, response.binary().await.map_err(failed)?))
}

/// Some systems refuse with status 200.
pub fn accepted(endpoint: &Endpoint, body: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    match ApiError::refusal(endpoint.system, &body) {
        Some(error) => Err(error),
        None => Ok(body),
    }
}

/// Whether anything answers at `url` at all, even where it refuses calls from this page.
pub async fn answers(url: &str) -> bool {
    let request = Request::get(url).mode(web_sys::RequestMode::NoCors);
    request.send().await.is_ok()
}

/// A file of the console itself, for example `/config.json`.
pub async fn asset(path: &str) -> Result<Vec<u8>, ApiError> {
    let response = Request::get(path).send().await.map_err(failed)?;
    let response = checked(response, System::Timeplus).await?;
    response.binary().await.map_err(failed)
}

/// A body that is read as it arrives.
pub struct ByteStream {
    endpoint: Endpoint,
    status: u16,
    reader: Option<ReadableStreamDefaultReader>,
    aborted: Rc<Cell<bool>>,
}

impl ByteStream {
    /// 204 after a statement without result.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The next piece, or `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, ApiError> {
        let Some(reader) = &self.reader else {
            return Ok(None);
        };
        let read = JsFuture::from(reader.read()).await;
        if self.aborted.get() {
            return Err(ApiError::Cancelled);
        }
        let read = read.map_err(network);
        if read.is_err() {
            report(&self.endpoint, &read);
        }
        let result = read?;
        let done = js_sys::Reflect::get(&result, &"done".into()).map_err(network)?;
        if done.is_truthy() {
            return Ok(None);
        }
        let value = js_sys::Reflect::get(&result, &"value".into()).map_err(network)?;
        // `Uint8Array::new` would make one more copy of every byte that arrives.
        Ok(Some(value.unchecked_into::<Uint8Array>().to_vec()))
    }
}

/// Sends a call and returns as soon as the answer's head is there.
pub async fn open(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: &Abort,
) -> Result<ByteStream, ApiError> {
    let outcome = start(endpoint, request, Some(abort)).await;
    report(endpoint, &outcome);
    let response = outcome?;
    let reader = response
        .body()
        .map(|body| body.get_reader().unchecked_into());
    Ok(ByteStream {
        endpoint: endpoint.clone(),
        status: response.status(),
        reader,
        aborted: abort.aborted.clone(),
    })
}

/// A call that comes too often is sent again after a pause, each time a longer one: it was refused
/// before it did anything.
async fn start(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, ApiError> {
    for seconds in PAUSES {
        match once(endpoint, request.clone(), abort).await {
            Err(error) if error.is_throttled() => {}
            outcome => return outcome,
        }
        tell_pause(endpoint, Some(seconds));
        pause(Duration::from_secs(seconds.into())).await;
        tell_pause(endpoint, None);
        if abort.is_some_and(|abort| abort.aborted.get()) {
            return Err(ApiError::Cancelled);
        }
    }
    once(endpoint, request, abort).await
}

async fn once(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, ApiError> {
    let request = endpoint.complete(request);
    let url = format!("{}{}", endpoint.base, request.target());
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value);
    }
    let signal = abort.map(|abort| abort.controller.signal());
    let builder = RequestBuilder::new(&url)
        .method(method(request.method))
        .headers(headers)
        .abort_signal(signal.as_ref());
    let sent = match request.body {
        Some(body) => {
            builder
                .header("Content-Type", &body.content_type)
                .body(Uint8Array::from(body.bytes.as_slice()))
                .map_err(failed)?
                .send()
                .await
        }
        None => builder.send().await,
    };
    if abort.is_some_and(|abort| abort.aborted.get()) {
        return Err(ApiError::Cancelled);
    }
    checked(sent.map_err(failed)?, endpoint.system).await
}

async fn checked(response: Response, system: System) -> Result<Response, ApiError> {
    if response.ok() {
        return Ok(response);
    }
    let request_id = response.headers().get("X-Request-Id");
    let body = response.binary().await.unwrap_or_default();
    Err(ApiError::read(system, response.status(), request_id, &body))
}

fn method(method: Method) -> http_method::Method {
    match method {
        Method::Get => http_method::Method::GET,
        Method::Post => http_method::Method::POST,
        Method::Put => http_method::Method::PUT,
        Method::Patch => http_method::Method::PATCH,
        Method::Delete => http_method::Method::DELETE,
    }
}

use gloo_net::http as http_method;

fn failed(error: gloo_net::Error) -> ApiError {
    ApiError::Network(error.to_string())
}

fn network(error: JsValue) -> ApiError {
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()));
    ApiError::Network(message.unwrap_or_else(|| "the browser gave no reason".into()))
}

/// What an [`EventSource`] hands over: the event's type, its data and its id.
pub type OnEvent = dyn Fn(&str, &str, &str);

/// A server-sent event stream kept up by the browser, which reconnects by itself and resumes
/// after the last event id. It sends no headers of ours: only for cookie sessions.
pub struct Events {
    source: EventSource,
    _listeners: Vec<Closure<dyn Fn(MessageEvent)>>,
    _state: Vec<Closure<dyn Fn()>>,
}

impl Events {
    /// `kinds` are the named event types wanted besides `message`.
    pub fn open(
        url: &str,
        kinds: &[&str],
        on_event: Rc<OnEvent>,
        on_open: impl Fn() + 'static,
        on_error: impl Fn() + 'static,
    ) -> Result<Self, ApiError> {
        let source = EventSource::new(url).map_err(network)?;
        let mut listeners = Vec::new();
        for kind in kinds.iter().chain(&["message"]) {
            let (on_event, name) = (on_event.clone(), kind.to_string());
            let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let data = event.data().as_string().unwrap_or_default();
                on_event(&name, &data, &event.last_event_id());
            });
            source
                .add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref())
                .map_err(network)?;
            listeners.push(listener);
        }
        let (open, error) = (
            Closure::<dyn Fn()>::new(on_open),
            Closure::<dyn Fn()>::new(on_error),
        );
        source.set_onopen(Some(open.as_ref().unchecked_ref()));
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        Ok(Self {
            source,
            _listeners: listeners,
            _state: vec![open, error],
        })
    }

    /// True when the browser has given up, for example after 204 or 404.
    pub fn closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.source.close();
    }
}
