import { Http2ServerRequest, Http2ServerResponse, constants } from 'node:http2';

/** A request over HTTP/2, as handlers expect it who know those of `node:http`. */
export class Http2Request extends Http2ServerRequest {
  /** Whether all of the body is here, which is what `complete` tells. */
  isWhole: boolean;

  constructor(...parts: ConstructorParameters<typeof Http2ServerRequest>) {
    super(...parts);
    this.headers.host ??= this.authority;
    this.isWhole = this.stream.endAfterHeaders;
  }

  /** What was cut off ends with `close` alone: the part of a body must not pass for all of it. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk !== null) return super.push(chunk, encoding);
    if (this.stream.aborted || this.stream.writableEnded) return false;
    this.isWhole = true;
    return super.push(null);
  }

  override _read(bytes: number): void {
    if (!this.stream.destroyed) super._read(bytes);
  }
}

/** An answer over HTTP/2, as handlers expect it who know those of `node:http`. */
export class Http2Response extends Http2ServerResponse<Http2Request> {
  /** With an error code, because clients would take a half-sent answer for a whole one. */
  override destroy(): this {
    if (!this.destroyed) this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return this;
  }
}

// Accessors in Node too, but its types have them as properties, which no accessor may override.
Object.defineProperty(Http2Request.prototype, 'complete', {
  get(this: Http2Request): boolean {
    return this.isWhole;
  },
});
Object.defineProperties(Http2Response.prototype, {
  destroyed: {
    get(this: Http2Response): boolean {
      return this.stream.destroyed || this.stream.closed;
    },
  },
  // Node ends a stream that was aborted.
  writableFinished: {
    get(this: Http2Response): boolean {
      return this.stream.writableFinished && !this.stream.aborted;
    },
  },
});
