// Runs a script of SQL in DuckDB: SCRIPT, or --version. NODE_PATH says where the
// package @duckdb/node-api is.
const { DuckDBInstance, version } = require("@duckdb/node-api");
const fs = require("fs");

async function main(script) {
  if (script === "--version") {
    console.log(version(), "node");
    return;
  }
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const statements = await connection.extractStatements(fs.readFileSync(script, "utf8"));
  for (let i = 0; i < statements.count; i++) {
    await (await statements.prepare(i)).run();
  }
  connection.closeSync();
}

main(process.argv[2]).catch((e) => {
  console.error(String(e));
  process.exit(1);
});
