import { VERSION } from '../version.ts';
import { MOUNT } from './ovms-config.ts';

/** Ports of the servers inside of containers. */
const REST_PORT = 8000;
const GRPC_PORT = 9000;

/** Kubernetes: OpenVINO Model Server for the whole repository, which a volume claim named `models` holds. */
export const kubernetesManifest = (): string => `# Serves all models of this folder with OpenVINO Model Server.
# Copy the folder to a volume and claim it as 'models'; then: kubectl apply -f kubernetes.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: detectors
spec:
  replicas: 1
  selector:
    matchLabels:
      app: detectors
  template:
    metadata:
      labels:
        app: detectors
    spec:
      containers:
        - name: ovms
          image: openvino/model_server:latest
          args:
            - --config_path=${MOUNT}/config.json
            - --rest_port=${REST_PORT}
            - --port=${GRPC_PORT}
          ports:
            - name: rest
              containerPort: ${REST_PORT}
            - name: grpc
              containerPort: ${GRPC_PORT}
          readinessProbe:
            httpGet:
              path: /v2/health/ready
              port: rest
          livenessProbe:
            httpGet:
              path: /v2/health/live
              port: rest
          volumeMounts:
            - name: models
              mountPath: ${MOUNT}
              readOnly: true
      volumes:
        - name: models
          persistentVolumeClaim:
            claimName: models
            readOnly: true
---
apiVersion: v1
kind: Service
metadata:
  name: detectors
spec:
  selector:
    app: detectors
  ports:
    - name: rest
      port: ${REST_PORT}
      targetPort: rest
    - name: grpc
      port: ${GRPC_PORT}
      targetPort: grpc
`;

/** KServe: one model, with OpenVINO Model Server as its runtime. Names of Kubernetes are lowercase. */
export const kserveManifest = (model: string): string => `# Serves '${model}' with KServe.
# Copy this folder to a volume and claim it as 'models'; then: kubectl apply -f kserve-${model}.yaml
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata:
  name: openvino-model-server
spec:
  supportedModelFormats:
    - name: openvino_ir
      version: "1"
      autoSelect: true
  protocolVersions:
    - v2
    - grpc-v2
  containers:
    - name: kserve-container
      image: openvino/model_server:latest
      args:
        - --model_name={{.Name}}
        - --model_path=/mnt/models
        - --rest_port=8080
        - --port=${GRPC_PORT}
      ports:
        - containerPort: 8080
          protocol: TCP
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${kubernetesName(model)}
spec:
  predictor:
    model:
      modelFormat:
        name: openvino_ir
        version: "1"
      protocolVersion: v2
      runtime: openvino-model-server
      storageUri: pvc://models/${model}
`;

const kubernetesName = (model: string): string =>
  model
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63) || 'model';

/** An image that serves the repository with `decant serve`. */
export const dockerfile = (): string => `# Serves all models of this folder with decant.
# Put the package beside this file first (npm pack, in a checkout of decant); then:
#   docker build -t detectors . && docker run -p 8080:8080 detectors
FROM node:22-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY decant-${VERSION}.tgz .
RUN npm install --ignore-scripts ./decant-${VERSION}.tgz && npx decant setup
COPY . ${MOUNT}
EXPOSE 8080
CMD ["npx", "decant", "serve", "--models", "${MOUNT}", "--host", "0.0.0.0", "--allow-host", "*"]
`;
