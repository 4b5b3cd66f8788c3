import { convertBytes } from 'decant/convert';

const status = document.querySelector('[role=status]');

/** Lets the page be drawn between two steps. */
const drawn = () => new Promise(resolve => setTimeout(resolve));

const link = (name, content) => {
  const download = document.createElement('a');
  download.href = URL.createObjectURL(new Blob([content]));
  download.download = download.textContent = name;
  return download;
};

document.querySelector('input').addEventListener('change', async ({ target }) => {
  try {
    const { name, xml, bin } = await convertBytes(target.files, {
      onStep: ({ progress }) => {
        status.textContent = `${Math.round(100 * progress)} %`;
        return drawn();
      },
    });
    status.replaceChildren(link(`${name}.xml`, xml), ' ', link(`${name}.bin`, bin));
  } catch (error) {
    status.textContent = error.message;
  }
});
