export { testDatabase, testDatabaseUrl, type TestDatabase } from './test-database.ts';
export { whyNoBroker } from '../kafka/classpath.ts';
export { machineEnvironment } from './machine-environment.ts';
export { testKafka, withoutKafka, type TestKafka } from './test-kafka.ts';
export { testPostgres, type TestPostgres } from './test-postgres.ts';
export { testRedis, type TestRedis } from './test-redis.ts';
export { testStack, type TestStack } from './test-stack.ts';
