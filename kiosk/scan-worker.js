/** Reads QR codes from camera frames, beside the page so that the page never stutters. */
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { decoder } from "tenth:files";

const OPTIONS = { formats: ["QRCode"], maxNumberOfSymbols: 1, textMode: "Plain" };
// Camera frames that begin with a plane of brightness, which is all a QR code is made of.
const BRIGHTNESS_FIRST = /^(I4|NV12)/;
const HEADER = 24;

let plane = new Uint8Array();
let pen;

// Our own copy: left alone the library asks a CDN, and a till without network could not scan.
const ready = prepareZXingModule({ overrides: { locateFile: () => decoder }, fireImmediately: true });
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

onmessage = async ({ data: { frame, at } }) => {
  let text = null;
  try {
    text = await readText(frame);
  } finally {
    postMessage({ text, at }); // always: without an answer the page would never send the next frame
  }
};

async function readText(frame) {
  try {
    const image = BRIGHTNESS_FIRST.test(frame.format) ? await brightness(frame) : pixels(frame);
    const [found] = await readBarcodes(image, OPTIONS);
    return found?.text ?? null;
  } finally {
    frame.close();
  }
}

/** The frame's brightness as the camera gave it, as a PGM picture: a third of the time colours take. */
async function brightness(frame) {
  const size = HEADER + frame.allocationSize();
  if (plane.length !== size) plane = new Uint8Array(size);
  const [{ stride }] = await frame.copyTo(plane.subarray(HEADER));
  const { height } = frame.visibleRect;
  new TextEncoder().encodeInto("P5" + `${stride} ${height} 255\n`.padStart(HEADER - 2), plane);
  return plane.subarray(0, HEADER + stride * height);
}

function pixels(frame) {
  const width = frame.displayWidth ?? frame.width;
  const height = frame.displayHeight ?? frame.height;
  if (pen?.canvas.width !== width || pen.canvas.height !== height)
    pen = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  pen.drawImage(frame, 0, 0);
  return pen.getImageData(0, 0, width, height);
}
