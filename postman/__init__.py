"""The platform's API as a Postman collection: a curated journey, told in the words of the OpenAPI document."""
