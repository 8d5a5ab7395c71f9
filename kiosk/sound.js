/** Three sounds nobody can mix up, made on the spot, and the same said to the hand. */
import { choices } from "./choices.js";

// Each note: frequency in hertz, start and length in seconds. Up is good, a flourish is a reward, two low
// ones are no.
const TUNES = {
  seen: { wave: "sine", volume: 0.12, notes: [[1320, 0, 0.04]], shake: 10 },
  stamped: { wave: "triangle", volume: 0.5, notes: [[659, 0, 0.09], [988, 0.08, 0.16]], shake: 40 },
  full: {
    wave: "triangle", volume: 0.5, shake: [40, 50, 40, 50, 120],
    notes: [[523, 0, 0.1], [659, 0.1, 0.1], [784, 0.2, 0.1], [1047, 0.3, 0.4]],
  },
  refused: {
    wave: "sawtooth", volume: 0.28, shake: [150, 80, 150],
    notes: [[196, 0, 0.16], [147, 0.2, 0.3]],
  },
};

let audio;

/** Browsers let a page make sound only after somebody touched it. */
export function warmUp() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

export function play(name) {
  const { wave, volume, notes, shake } = TUNES[name];
  if (choices.muted) return;
  navigator.vibrate?.(shake);
  if (audio?.state !== "running") return;
  for (const [frequency, start, length] of notes) {
    const tone = new OscillatorNode(audio, { type: wave, frequency });
    const loudness = new GainNode(audio, { gain: 0 });
    const at = audio.currentTime + start;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(volume, at + 0.008);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}
