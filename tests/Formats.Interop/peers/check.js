// check.js FOLDER: the Khronos validator and three.js's loaders read what Formats.Interop wrote there; a line for each reader.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import validator from 'gltf-validator';
import { Box3, LoadingManager, Triangle, Vector3 } from 'three';
import { installBrowser } from './browser.js';

installBrowser();
const { GLTFLoader } = await import('three/addons/loaders/GLTFLoader.js');
const { OBJLoader } = await import('three/addons/loaders/OBJLoader.js');
const { PLYLoader } = await import('three/addons/loaders/PLYLoader.js');
const { STLLoader } = await import('three/addons/loaders/STLLoader.js');
const { USDLoader } = await import('three/addons/loaders/USDLoader.js');

const folder = process.argv[2];
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

const file = (name) => readFileSync(join(folder, name));
const buffer = (name) => { const bytes = file(name); return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength); };

// Faces, area and bounds of geometries with their matrices, in doubles.
function measure(surfaces) {
  let [faces, area] = [0, 0];
  const box = new Box3();
  const corners = [new Vector3(), new Vector3(), new Vector3()];
  for (const { geometry, matrix } of surfaces) {
    const { index, attributes: { position } } = geometry;
    const count = index ? index.count : position.count;
    for (let i = 0; i < count; i += 3) {
      corners.forEach((corner, k) => {
        corner.fromBufferAttribute(position, index ? index.getX(i + k) : i + k);
        if (matrix) corner.applyMatrix4(matrix);
        box.expandByPoint(corner);
      });
      area += new Triangle(...corners).getArea();
    }
    faces += count / 3;
  }
  return { faces, area, low: box.min.toArray(), high: box.max.toArray() };
}

const near = (found, wanted, tolerance) => Math.abs(found - wanted) <= tolerance;

function shapeFaults(found, wanted) {
  const faults = [];
  if (found.faces !== wanted.faces) faults.push(`${found.faces} faces, not ${wanted.faces}`);
  if (!near(found.area, wanted.area, 1e-6 * wanted.area)) faults.push(`area ${found.area}, not ${wanted.area}`);
  for (const side of ['low', 'high']) {
    if (!found[side].every((value, axis) => near(value, wanted[side][axis], 1e-6))) faults.push(`${side} ${found[side]}, not ${wanted[side]}`);
  }
  return faults;
}

function textureFaults(name, map, wanted) {
  if (!wanted || !map) return wanted ? [`no ${name}`] : map ? [`${name} from nowhere`] : [];
  const { width, height, data } = map.image;
  const sum = data.reduce((total, value) => total + value, 0);
  return width === wanted.width && height === wanted.height && sum === wanted.sum ? [] : [`${name} is ${width} x ${height} with sum ${sum}`];
}

function materialFaults(material, wanted) {
  const faults = [...textureFaults('colours', material.map, wanted.colours)];
  const scalars = ['alphaTest', 'transparent', 'doubleSided'];
  if (wanted.unlit !== (material.type === 'MeshBasicMaterial')) faults.push(`it is a ${material.type}`);
  if (!wanted.unlit) {
    faults.push(...textureFaults('normalMap', material.normalMap, wanted.normalMap));
    scalars.push('roughness', 'metalness', 'emissiveStrength', 'ior', 'clearcoat', 'transmission');
  }
  const values = {
    ...material, ior: material.ior ?? 1.5, clearcoat: material.clearcoat ?? 0, transmission: material.transmission ?? 0,
    emissiveStrength: material.emissiveIntensity ?? 1, transparent: material.transparent, doubleSided: material.side === 2,
  };
  values.roughness = material.roughness;
  values.metalness = material.metalness;
  values.alphaTest = material.alphaTest;
  for (const key of scalars) {
    if (!near(Number(values[key]), Number(wanted[key]), 1e-6)) faults.push(`${key} is ${values[key]}, not ${wanted[key]}`);
  }
  return faults;
}

const severities = {};
async function validate(asset) {
  const report = await validator.validateBytes(new Uint8Array(file(`${asset.name}.glb`)), { uri: `${asset.name}.glb`, maxIssues: 0 });
  for (const { code, severity } of report.issues.messages) {
    if (severity === 1) severities[code] = (severities[code] ?? 0) + 1;
  }
  return report.issues.messages.filter(({ severity }) => severity === 0).map(({ code, message, pointer }) => `${code} at ${pointer}: ${message}`);
}

async function gltf(asset) {
  const { scene } = await new GLTFLoader().parseAsync(buffer(`${asset.name}.glb`), '');
  scene.updateMatrixWorld(true);
  const meshes = [];
  scene.traverse((node) => { if (node.isMesh) meshes.push(node); });
  const faults = shapeFaults(measure(meshes.map(({ geometry, matrixWorld }) => ({ geometry, matrix: matrixWorld }))), asset);
  for (const [attribute, key] of [['uv', 'uvs'], ['normal', 'normals'], ['tangent', 'tangents']]) {
    if (!meshes.every(({ geometry }) => (attribute in geometry.attributes) === asset[key])) faults.push(`${attribute} should be ${asset[key]}`);
  }
  meshes.forEach(({ material }, k) => faults.push(...materialFaults(material, asset.materials[k])));
  return faults;
}

// One mesh, whose textures come later than the answer.
async function usd(asset) {
  const loading = new LoadingManager();
  const loaded = new Promise((done) => { loading.onLoad = done; loading.onError = (url) => done(url); });
  const scene = new USDLoader(loading).parse(buffer(`${asset.name}.usdz`));
  const { geometry, material } = placed(scene)[0];
  const [wanted] = asset.materials;
  if (wanted.colours) await loaded;
  return [
    ...shapeFaults(measure([{ geometry }]), asset),
    ...textureFaults('colours', material.map, wanted.colours),
    ...textureFaults('normalMap', material.normalMap, wanted.normalMap),
  ];
}

const placed = (object) => { const all = []; object.traverse((node) => { if (node.isMesh) all.push(node); }); return all; };
const readers = [
  ['gltf-validator', 'GLB', validate],
  ['three.js', 'GLB', gltf],
  ['three.js', 'OBJ', (asset) => shapeFaults(measure(placed(new OBJLoader().parse(file(`${asset.name}.obj`).toString('utf8')))), asset)],
  ['three.js', 'PLY', (asset) => shapeFaults(measure([{ geometry: new PLYLoader().parse(buffer(`${asset.name}.ply`)) }]), asset)],
  ['three.js', 'STL', (asset) => shapeFaults(measure([{ geometry: new STLLoader().parse(buffer(`${asset.name}.stl`)) }]), asset)],
  ['three.js', 'USDZ', usd],
];

for (const [peer, format, read] of readers) {
  let passed = 0;
  for (const asset of expected) {
    let faults;
    try { faults = await read(asset); } catch (error) { faults = [error.message]; }
    if (faults.length === 0) passed++;
    else console.log(`failed  ours -> ${peer}  ${asset.name}.${format.toLowerCase()}: ${faults.slice(0, 3).join('; ')}`);
  }
  console.log(`result ${passed} ${expected.length - passed} ours -> ${peer}  ${format}: ${passed} of ${expected.length} assets`);
}
for (const [code, count] of Object.entries(severities)) console.log(`warned  ours -> gltf-validator  ${code}: ${count} times`);
