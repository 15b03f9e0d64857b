// What three.js's loaders expect of a browser and Node lacks: pictures decoded to bytes, by pngjs.
import { PNG } from 'pngjs';

export function installBrowser() {
  globalThis.self ??= globalThis;
  globalThis.ProgressEvent ??= class extends Event {};
  globalThis.createImageBitmap = async (blob) => {
    const { width, height, data } = PNG.sync.read(Buffer.from(await blob.arrayBuffer()));
    return { width, height, data, close() {} };
  };
}
