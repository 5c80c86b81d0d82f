// What a test has the browser do: play one thing until it has seen enough of it.

const seekShares = [0.7, 0.1, 0.4];
// Of a machine that is too slow to feed its own player; everything else that hls.js finds wrong with media is an error.
const slowness = ['bufferStalledError', 'bufferNudgeOnStall'];

/** Plays a file, or one size of a master playlist, and resolves to what was seen; `size` is "720x1280". */
window.watch = async ({ url, size, frames }) => {
  const video = document.querySelector('video');
  const errors = [];
  const hls = size ? playSize(video, { url, size, errors }) : undefined;
  if (!hls) video.src = url;
  video.loop = true;
  video.onerror = () => errors.push(video.error.message);
  try {
    await Promise.all([happens(video, 'playing'), video.play()]);
    await decoded(video, frames);
    for (const share of seekShares) {
      const soFar = framesOf(video);
      video.currentTime = share * video.duration;
      await happens(video, 'seeked');
      await decoded(video, soFar + 2);
    }
    const { videoWidth: width, videoHeight: height, duration } = video;
    return { width, height, durationSeconds: duration, decodedFrames: framesOf(video), errors };
  } finally {
    hls?.destroy();
    video.removeAttribute('src');
    video.load();
  }
};

function playSize(video, { url, size, errors }) {
  const hls = new Hls({ capLevelToPlayerSize: false });
  hls.on(Hls.Events.ERROR, (_event, { type, fatal, details, error }) => {
    if (fatal || (type === Hls.ErrorTypes.MEDIA_ERROR && !slowness.includes(details)))
      errors.push(`${details}: ${error?.message ?? ''}`);
  });
  hls.on(Hls.Events.MANIFEST_PARSED, (_event, { levels }) => {
    hls.currentLevel = levels.findIndex(({ width, height }) => `${width}x${height}` === size);
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return hls;
}

const framesOf = (video) => video.getVideoPlaybackQuality().totalVideoFrames;

const happens = (video, event) => new Promise((resolve) => video.addEventListener(event, resolve, { once: true }));

const decoded = async (video, frames) => {
  while (framesOf(video) < frames) await new Promise((resolve) => setTimeout(resolve, 20));
};
