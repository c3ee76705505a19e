/**
 * Loaded into every test process (`--import`): ends it when the runner is gone, which Node's
 * own runner does not do, neither at Ctrl-C nor when it is killed.
 */
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();
