//! Everything a request needs, and the routes.

use std::{io, sync::Arc};

use axum::{
    Router, middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use gongbao_desk::{Desk, DeskError};
use tower_http::{
    compression::CompressionLayer,
    cors::{AllowOrigin, Any, CorsLayer},
};

use crate::{
    api, asked::Asked, feeds, guard, health, library::Library, metrics::Metrics, openapi, pages,
    pool::Pool, problem::Problem, settings::Settings,
};

/// The server of one corpus, ready to answer.
#[derive(Clone)]
pub struct App(Shared);

pub(crate) type Shared = Arc<State>;

pub(crate) struct State {
    pub(crate) desk: Desk,
    pub(crate) settings: Settings,
    pub(crate) library: Arc<Library>,
    pub(crate) pool: Pool,
    pub(crate) metrics: Metrics,
}

impl App {
    /// Opens what `desk` has.
    ///
    /// # Errors
    ///
    /// When there is no archive or index, or none that this program reads.
    pub fn open(desk: Desk, settings: Settings) -> Result<Self, DeskError> {
        // Notices are read out of it; better told now than to whoever reads.
        desk.archive()?;
        Ok(Self(Arc::new(State {
            library: Arc::new(Library::open(desk.clone())?),
            pool: Pool::new(&settings.limits),
            metrics: Metrics::new(),
            desk,
            settings,
        })))
    }

    /// How many notices the index holds now.
    #[must_use]
    pub fn notices(&self) -> u64 {
        self.0.library.current().engine.note().notices
    }

    pub(crate) fn shared(&self) -> Shared {
        self.0.clone()
    }

    /// Looks whether there is a new generation of the index, and puts it in
    /// force. [`serve`](crate::serve) does so by itself.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be opened; the old one stays in force.
    pub fn refresh(&self) -> Result<(), DeskError> {
        self.0.library.look()
    }

    /// Holds the index in force against its digests. [`serve`](crate::serve)
    /// does so by itself. Where it is damaged, the server says so from then on,
    /// and nothing else.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn check(&self) -> io::Result<()> {
        self.0.library.check()
    }

    /// The routes, without the protection of the socket.
    pub fn router(&self) -> Router {
        let mut router = Router::new()
            .merge(api::routes())
            .merge(pages::routes())
            .merge(feeds::routes())
            .route("/healthz", get(health::healthz))
            .route("/readyz", get(health::readyz))
            .route("/metrics", get(health::metrics))
            .route("/openapi.json", get(openapi::document))
            .fallback(nothing_here)
            .method_not_allowed_fallback(|| async { Problem::method() })
            .layer(middleware::from_fn_with_state(self.shared(), guard::guard));
        if let Some(cors) = cors(&self.0.settings.origins) {
            router = router.layer(cors);
        }
        router
            .layer(CompressionLayer::new().gzip(true).br(true))
            .with_state(self.shared())
    }
}

async fn nothing_here(asked: Asked) -> Response {
    let problem = Problem::not_found(
        "there is no such address",
        "see / for the reading room, /openapi.json for the API",
    );
    let response = problem.clone().into_response();
    if asked.wants_page() {
        pages::problem_page(&problem, &asked, response)
    } else {
        response
    }
}

/// What lets pages of other origins read the answers.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::from(Any)
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| origin.parse().ok()))
    };
    let cors = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([axum::http::Method::GET, axum::http::Method::HEAD])
        .allow_headers([
            axum::http::header::ACCEPT,
            axum::http::header::AUTHORIZATION,
        ])
        .expose_headers([axum::http::header::ETAG, axum::http::header::LINK]);
    Some(cors)
}
