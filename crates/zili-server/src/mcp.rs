//! The engine over the Model Context Protocol: methods are listed and described, data listed, questions asked; every answer comes with its
//! evidence. Nothing is written unless imports are allowed.

mod tools;
mod watch;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::stdio;
use rmcp::{ErrorData, ServerHandler, ServiceExt};
use std::io;
use std::sync::Arc;
use tools::{Answer, Refusal};
use watch::Progress;
use zili_engine::Engine;

const INSTRUCTIONS: &str = "zili measures how far an economy can stand on its own, simulates what happens when others cut it off, and plans what \
to build first. List the methods, describe the one that answers the question, and ask it: fields and options are those of its JSON Schema. Quote a \
number with its unit, its year, its range if it has one, and the notes of its evidence: they say what was assumed or estimated.";

/// Serves until the other side closes standard input.
///
/// `deadline`: seconds for each question.
pub fn serve(engine: Engine, allow_import: bool, deadline: Option<u32>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let server = Server { engine: Arc::new(engine), allow_import, deadline };
    let served = runtime.block_on(async move {
        let running = server.serve(stdio()).await.map_err(io::Error::other)?;
        running.waiting().await.map_err(io::Error::other)?;
        Ok(())
    });
    // A question that is still running must not hold the program up.
    runtime.shutdown_background();
    served
}

struct Server {
    engine: Arc<Engine>,
    allow_import: bool,
    deadline: Option<u32>,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let mut info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info = Implementation::new("zili", env!("CARGO_PKG_VERSION"));
        info.instructions = Some(INSTRUCTIONS.to_owned());
        info
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::listed(self.allow_import)))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let progress = Arc::new(Progress::new(context.ct.clone(), self.deadline));
        let (engine, watch, allow_import) = (self.engine.clone(), progress.clone(), self.allow_import);
        let arguments = request.arguments.unwrap_or_default();
        let work =
            tokio::task::spawn_blocking(move || tools::call(&engine, &request.name, arguments, allow_import, &watch));
        let answered = watch::report(&progress, &context, work).await;
        let result = match answered {
            Ok(Ok(Answer { texts })) => CallToolResult::success(texts.into_iter().map(ContentBlock::text).collect()),
            Ok(Err(Refusal::Unknown(name))) => {
                return Err(ErrorData::invalid_params(format!("there is no tool '{name}'"), None));
            }
            Ok(Err(Refusal::Question(text))) => CallToolResult::error(vec![ContentBlock::text(text)]),
            Err(fault) => return Err(ErrorData::internal_error(fault.to_string(), None)),
        };
        Ok(result.into())
    }
}
