if (pm.variables.get("hasAgent") !== "true") {
  console.log("skipped: this platform runs without an assistant (OPENAI_API_KEY is not set)");
  pm.execution.skipRequest();
}
