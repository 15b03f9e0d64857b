// What three.js's loaders expect of a browser and Node lacks: pictures decoded to bytes, by pngjs, and image elements.
import { PNG } from 'pngjs';

export function installBrowser() {
  globalThis.self ??= globalThis;
  globalThis.ProgressEvent ??= class extends Event {};
  globalThis.createImageBitmap = async (blob) => {
    const { width, height, data } = PNG.sync.read(Buffer.from(await blob.arrayBuffer()));
    return { width, height, data, close() {} };
  };
  globalThis.document ??= { createElementNS: () => new ImageElement() };
}

class ImageElement extends EventTarget {
  set src(url) {
    fetch(url).then((answer) => answer.blob()).then(createImageBitmap).then(({ width, height, data }) => {
      Object.assign(this, { width, height, data });
      this.dispatchEvent(new Event('load'));
    }, () => this.dispatchEvent(new Event('error')));
  }
}
