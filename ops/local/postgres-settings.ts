import { totalmem } from 'node:os';

/**
 * The settings of a local PostgreSQL. Durable: what was acknowledged survives a crash. Otherwise
 * (tests) nothing is worth a disk flush.
 */
export function postgresSettings(durable: boolean): Record<string, string> {
  return { ...shared(), ...(durable ? DURABLE : THROWAWAY) };
}

function shared(): Record<string, string> {
  const memoryMb = Math.floor(totalmem() / 2 ** 20);
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.max': '5000',
    track_io_timing: 'on',
    effective_cache_size: `${Math.floor(memoryMb / 2)}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    // The disk is an SSD as far as we can tell: index scans are cheap.
    random_page_cost: '1.1',
    // Compilation costs more than it saves on queries of a few milliseconds.
    jit: 'off',
    // Statistics of freshly loaded data decide plans; do not wait a minute for them.
    autovacuum_naptime: '15s',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] %a ',
  };
}

const DURABLE = {
  shared_buffers: '512MB',
  max_connections: '150',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
};

const THROWAWAY = {
  shared_buffers: '128MB',
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
};
