const { resolve } = require('node:path');

module.exports = {
  rootDir: resolve(__dirname, '../../..'),
  testMatch: ['<rootDir>/gateway/test/apollo-suite/front.jest.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': resolve(__dirname, 'transform.cjs') },
  haste: { forceNodeFilesystemAPI: true },
  watchman: false,
  forceExit: true,
};
