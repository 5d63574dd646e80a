'use strict';

const isCI = process.env.CI === 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  moduleNameMapper: {
    '^tsango$': '<rootDir>/framework/index.ts',
    '^tsango/(.*)$': '<rootDir>/framework/$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'commonjs', ignoreDynamic: true },
        sourceMaps: 'inline',
      },
    ],
  },
  collectCoverageFrom: ['framework/**/*.ts'],
  coverageDirectory: '<rootDir>/coverage',
  maxWorkers: 2,
  testSequencer: '<rootDir>/tests/support/sequencer.js',
  testTimeout: isCI ? 30_000 : 15_000,
};
