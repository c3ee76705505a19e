// Jest's loader does not know that Node strips types by itself.
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  process: (source, path) => ({
    code: path.endsWith('.ts') ? stripTypeScriptTypes(source) : source,
  }),
};
