// Every JSON answer is in the envelope of the API, every answer has the id of its request.
pm.test("has a request id", () => pm.expect(pm.response.headers.get("X-Request-ID")).to.match(/^[A-Za-z0-9._-]{1,100}$/));
if ((pm.response.headers.get("Content-Type") || "").startsWith("application/json")) {
  const answer = pm.response.json();
  if (pm.response.code < 400) {
    pm.test("is in the envelope of success", () => pm.expect(answer.status).to.be.oneOf(["success", "accepted", "ok"]));
  } else {
    pm.test("is in the envelope of errors", () => {
      pm.expect(answer).to.include({ status: "error", code: pm.response.code });
      pm.expect(answer.message, "message").to.be.a("string").that.is.not.empty;
      pm.expect(answer.error, "error").to.match(/^[a-z0-9_]+$/);
      pm.expect(answer.request_id, "request_id").to.equal(pm.response.headers.get("X-Request-ID"));
    });
  }
}
