use reqwest::Method;
use serde_json::json;

use super::server::{Server, id};

pub(super) async fn walk(server: &mut Server) {
    let name = server.name("dashboard");
    let panels = json!([{
        "id": "p", "title": "P", "description": "", "viz_type": "chart",
        "viz_content": "SELECT 1", "viz_config": {"chartType": "table", "unknown": [1]},
        "position": {"x": 0, "y": 0, "w": 6, "h": 4, "nextX": 6, "nextY": 4},
    }]);
    let body =
        |description: &str| json!({"name": name, "description": description, "panels": panels});
    let made = server.post("/v1beta2/dashboards", "", body("")).await;
    let key = id(&made);
    server.listed("/v1beta2/dashboards", "name", &name).await;
    let one = "/v1beta2/dashboards/{id}";
    server.ok(Method::PUT, one, &key, "", Some(body("d"))).await;
    let dashboard = server.get(one, &key).await;
    let about = "GET a changed dashboard";
    server.same(about, &dashboard, "description", &json!("d"));
    server.same(
        about,
        &dashboard["panels"][0],
        "viz_config",
        &panels[0]["viz_config"],
    );
    server.same(
        about,
        &dashboard["panels"][0],
        "position",
        &panels[0]["position"],
    );
    server.delete(one, &key).await;
}
