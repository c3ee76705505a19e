import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';

/** Records spans and sends them in batches; it is loaded only where there is somewhere to send to. */
export function openProvider({
  service,
  endpoint,
  ratio,
  edge,
}: {
  service: string;
  endpoint: string;
  ratio: number;
  edge: boolean;
}): BasicTracerProvider {
  const root = new TraceIdRatioBasedSampler(ratio);
  return new BasicTracerProvider({
    resource: new Resource({ 'service.name': service }),
    // A stranger cannot make us record everything by saying so.
    sampler: new ParentBasedSampler({
      root,
      ...(edge ? { remoteParentSampled: root, remoteParentNotSampled: root } : {}),
    }),
    spanProcessors: [
      new BatchSpanProcessor(
        new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS }),
        { scheduledDelayMillis: 1_000 },
      ),
    ],
  });
}

const EXPORT_TIMEOUT_MS = 5_000;
