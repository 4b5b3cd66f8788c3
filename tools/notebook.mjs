// Runs the notebook: node tools/notebook.mjs [--in-place]. Installs Jupyter and the tslab kernel in tmp/notebook.
// With --open, it opens the notebook in JupyterLab instead.
// If there is a network, it runs a second time with the tutorial's model.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const NOTEBOOK = join(ROOT, 'notebooks', 'tensorflow-object-detection-to-openvino.ipynb');
const FOLDER = join(ROOT, 'tmp', 'notebook');
const WINDOWS = process.platform === 'win32';
const PYTHON = join(FOLDER, 'venv', WINDOWS ? 'Scripts/python.exe' : 'bin/python');

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: FOLDER, stdio: 'inherit', shell: false, ...options });
  if (status === 0) return;
  console.error(`failed: ${command} ${args.join(' ')}${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(1);
}

mkdirSync(FOLDER, { recursive: true });
if (!existsSync(join(FOLDER, 'node_modules', 'tslab'))) {
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', 'tslab@1.0.22'], { shell: WINDOWS });
}
if (!existsSync(PYTHON)) {
  run(WINDOWS ? 'python' : 'python3', ['-m', 'venv', 'venv']);
  run(PYTHON, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    'nbclient==0.11.0',
    'nbformat==5.10.4',
  ]);
}
// Lets the notebook import decant as an installed package.
const link = join(FOLDER, 'node_modules', 'decant');
rmSync(link, { force: true, recursive: true });
symlinkSync(ROOT, link, 'junction');

const kernel = join(FOLDER, 'share', 'jupyter', 'kernels', 'tslab');
mkdirSync(kernel, { recursive: true });
const argv = [
  process.execPath,
  join(FOLDER, 'node_modules', 'tslab', 'bin', 'tslab'),
  'kernel',
  '--config-path',
  '{connection_file}',
];
writeFileSync(
  join(kernel, 'kernel.json'),
  JSON.stringify({ argv, display_name: 'TypeScript', language: 'typescript' }),
);

const JUPYTER = { ...process.env, JUPYTER_PATH: join(FOLDER, 'share', 'jupyter') };

if (process.argv.includes('--open')) {
  run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'jupyterlab==4.5.0']);
  // A copy beside the packages that it imports; changes stay there.
  const copy = join(FOLDER, 'detector.ipynb');
  if (!existsSync(copy)) copyFileSync(NOTEBOOK, copy);
  run(PYTHON, ['-m', 'jupyterlab', copy, ...process.argv.slice(2).filter(option => option !== '--open')], {
    env: JUPYTER,
  });
  process.exit(0);
}

const EXECUTE = `
import sys, nbformat
from nbclient import NotebookClient
source, target, folder = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
NotebookClient(notebook, timeout=600, kernel_name="tslab", resources={"metadata": {"path": folder}}).execute()
for cell in notebook.cells:
    cell.get("metadata", {}).pop("execution", None)
    for output in cell.get("outputs", []):
        if output.output_type == "error" or output.get("name") == "stderr":
            sys.exit(str(output))
        if output.output_type == "stream":
            print(output.text, end="")
nbformat.write(notebook, target)
`;
function execute(target, environment = {}) {
  run(PYTHON, ['-c', EXECUTE, NOTEBOOK, target, FOLDER], {
    env: { ...JUPYTER, ...environment },
  });
  console.log(`ran all cells: ${target}`);
}

const isReachable = url =>
  fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );

execute(process.argv.includes('--in-place') ? NOTEBOOK : join(FOLDER, 'executed.ipynb'));
// The tutorial's model has to be downloaded.
if (process.env.DECANT_NOTEBOOK_MODEL === undefined && (await isReachable('https://www.kaggle.com'))) {
  execute(join(FOLDER, 'executed-faster-rcnn.ipynb'), { DECANT_NOTEBOOK_MODEL: 'faster_rcnn_resnet50_v1_640x640' });
}
