/** The till's eye: one camera stream that stays open, its frames read by a worker, one at a time. */
import { scanWorker } from "tenth:files";

// A code that was just read needs no second look at once: the device's strength goes into showing the card.
const REST_MS = 150;
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/**
 * @param onText   a QR code's text and the moment of its frame
 * @param onState  "asking", "on", "off", or why not: "denied", "missing", "busy", "insecure", "failed"
 */
export function createCamera({ onText, onState }) {
  const worker = new Worker(scanWorker);
  let video, stream, wanted = null;
  let isReading = true; // until the worker says it is ready
  let restsUntil = 0;

  worker.onmessage = ({ data }) => {
    if (data.failed) return onState("failed");
    isReading = false;
    if (!data.text || !wanted) return;
    restsUntil = performance.now() + REST_MS;
    onText(data.text, data.at);
  };

  async function start(element, device) {
    if (wanted?.device === device && (wanted.isOpening || stream?.active)) return;
    const mine = (wanted = { device, isOpening: true });
    video = element;
    release();
    if (!navigator.mediaDevices) return onState("insecure");
    onState("asking");
    try {
      const opened = await openStream(device);
      if (wanted !== mine) return opened.getTracks().forEach((track) => track.stop());
      stream = opened;
      stream.getVideoTracks()[0].onended = () => wanted === mine && onState("missing");
      video.srcObject = stream;
      await video.play();
      onState("on");
      nextFrame(mine);
    } catch (error) {
      if (wanted === mine) onState(reasonOf(error));
    } finally {
      mine.isOpening = false;
    }
  }

  function nextFrame(mine) {
    const look = async (at) => {
      if (wanted !== mine) return;
      nextFrame(mine);
      // While the worker is busy, frames pass by: the newest one is worth more than a queue of old ones.
      if (isReading || at < restsUntil || document.hidden || !video.videoWidth) return;
      isReading = true;
      try {
        const frame = window.VideoFrame ? new VideoFrame(video) : await createImageBitmap(video);
        worker.postMessage({ frame, at }, [frame]);
      } catch {
        isReading = false; // the camera was taken away between two frames
      }
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(look);
    else requestAnimationFrame(look);
  }

  function stop() {
    wanted = null;
    release();
    onState("off");
  }

  function release() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  }

  return { start, stop, facing: () => facingOf(stream) };
}

/** Cameras by name; empty until one was allowed. */
export async function cameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
}

async function openStream(device) {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { ...SIZE, ...choice(device) } });
  } catch (error) {
    if (error.name !== "OverconstrainedError") throw error;
    return navigator.mediaDevices.getUserMedia({ video: SIZE }); // the chosen camera was unplugged
  }
}

function choice(device) {
  if (["user", "environment"].includes(device)) return { facingMode: device };
  return { deviceId: { exact: device } };
}

function facingOf(stream) {
  return stream?.getVideoTracks()[0]?.getSettings().facingMode ?? null;
}

function reasonOf({ name }) {
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return name === "NotFoundError" ? "missing" : "failed";
}
