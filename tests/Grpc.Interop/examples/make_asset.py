"""Makes an asset from Python: python3 make_asset.py --gateway=HOST:PORT --scene=vase --out=vase.glb

Use --prompt="a red vase" in place of --scene for an object that the model paints. The stubs come from the repository's
protos: protoc -I protos --python_out=stubs --grpc_python_out=stubs protos/realiz3d/mesh/{jobs,denoiser,tensor}/v1/*.proto
"""

import sys
import uuid

import grpc

from realiz3d.mesh.jobs.v1 import jobs_service_pb2 as jobs
from realiz3d.mesh.jobs.v1 import jobs_service_pb2_grpc as services


def make(gateway, out, **source):
    with grpc.insecure_channel(gateway) as channel:
        client = services.JobServiceStub(channel)

        # The key makes it safe to send the request again.
        request = jobs.SubmitRequest(idempotency_key=uuid.uuid4().hex, spec=jobs.JobSpec(seed=7, **source))
        job = client.Submit(request, timeout=30).job

        for news in client.Watch(jobs.WatchRequest(job_id=job.job_id)):
            print(jobs.JobState.Name(news.state), jobs.Stage.Name(news.stage))
            job = news.job
        if job.state != jobs.JOB_STATE_SUCCEEDED:
            sys.exit(f"{job.failure.message} {job.failure.suggestion}")

        with open(out, "wb") as file:
            for part in client.Download(jobs.DownloadRequest(job_id=job.job_id, file=jobs.JOB_FILE_ASSET)):
                file.write(part.chunk.data)


make(**dict(argument.removeprefix("--").split("=", 1) for argument in sys.argv[1:]))
