// Starts Swagger UI over the platform's document. A file of its own, so that the page needs no inline script.
window.ui = SwaggerUIBundle({
  url: "apispec.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  tagsSorter: "alpha",
  validatorUrl: null,
});
