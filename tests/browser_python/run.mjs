// Starts the browser's Python under Node, with this project and the wheels mounted. Nothing is fetched.
//   node run.mjs FOLDER [options of pytest]   FOLDER holds npm's node_modules/ and the unpacked wheels in site/
// The exit code is pytest's.
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [folder, ...options] = process.argv.slice(2);
const here = fileURLToPath(new URL(".", import.meta.url));
const root = resolve(here, "../..");
const site = resolve(folder, "site");

try {
  const { loadPyodide } = createRequire(resolve(folder, "any.js"))("pyodide");
  const python = await loadPyodide();
  python.mountNodeFS(root, root);
  python.mountNodeFS(site, site);
  python.FS.chdir(root);
  for (const path of [root, site, here]) python.pyimport("sys").path.append(path);
  process.exitCode = python.pyimport("run_pytest").run(python.toPy(options));
} catch (error) {
  console.error(error.message); // uncaught, Node would show the line it comes from: a megabyte, all of Pyodide
  process.exitCode = 1;
}
